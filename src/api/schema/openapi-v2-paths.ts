import type { Kind } from "../kind.ts";
import { SCALE } from "../scale.ts";
import { DELETE_OPTIONS, groupVersionPath, listName, PATCH, patchTypes } from "./openapi-names.ts";

/** One method of a path. */
interface Operation {
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  /** As x-kubernetes-action calls it. */
  readonly action: string;
  /** The word that its id begins with. */
  readonly verb: string;
}

const LIST: Operation = { method: "get", action: "list", verb: "list" };
const CREATE: Operation = { method: "post", action: "post", verb: "create" };
const DELETE_ALL: Operation = { method: "delete", action: "deletecollection", verb: "deleteCollection" };
const READ: Operation = { method: "get", action: "get", verb: "read" };
const REPLACE: Operation = { method: "put", action: "put", verb: "replace" };
const CHANGE: Operation = { method: "patch", action: "patch", verb: "patch" };
const DELETE: Operation = { method: "delete", action: "delete", verb: "delete" };

const WRITTEN = [READ, REPLACE, CHANGE];

/** A path with what can be done there. */
interface Place {
  readonly kind: Kind;
  readonly path: string;
  /** What ids of operations end with. */
  readonly suffix: string;
  readonly operations: readonly Operation[];
  /** What is read and written there. */
  readonly type: Pick<Kind, "group" | "version" | "kind" | "schema">;
}

/** The paths of a kind with their operations, as `/openapi/v2` lists them. */
export function pathsV2(kind: Kind): [string, object][] {
  const root = `/${groupVersionPath(kind)}/`;
  const ofAll = kind.namespaced && kind.createOnly !== true;
  const collection = `${root}${kind.namespaced ? "namespaces/{namespace}/" : ""}${kind.plural}`;
  const object = `${collection}/{name}`;
  const everywhere = {
    kind,
    path: root + kind.plural,
    suffix: "ForAllNamespaces",
    operations: [LIST],
    type: kind,
  };
  const places: Place[] = [
    ...(ofAll ? [everywhere] : []),
    { kind, path: collection, suffix: "", operations: onCollection(kind), type: kind },
    { kind, path: object, suffix: "", operations: onObject(kind), type: kind },
    ...(kind.statusSubresource
      ? [{ kind, path: `${object}/status`, suffix: "Status", operations: WRITTEN, type: kind }]
      : []),
    ...(kind.scale
      ? [{ kind, path: `${object}/scale`, suffix: "Scale", operations: WRITTEN, type: SCALE }]
      : []),
  ];
  return places
    .filter(({ operations }) => operations.length > 0)
    .map((place) => [place.path, pathItem(place)]);
}

function onCollection(kind: Kind): readonly Operation[] {
  if (kind.createOnly) return [CREATE];
  return kind.readOnly || kind.alwaysThere ? [LIST] : [LIST, CREATE, DELETE_ALL];
}

function onObject(kind: Kind): readonly Operation[] {
  if (kind.createOnly) return [];
  if (kind.readOnly) return [READ];
  return kind.alwaysThere ? WRITTEN : [...WRITTEN, DELETE];
}

function pathItem(place: Place): object {
  const { path } = place;
  const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    type: "string",
    uniqueItems: true,
  }));
  return {
    ...Object.fromEntries(place.operations.map((each) => [each.method, operation(place, each)])),
    ...(parameters.length > 0 && { parameters }),
  };
}

function operation(place: Place, { method, action, verb }: Operation): object {
  const { kind, type } = place;
  const { group, version } = type;
  const answer = action === "list" ? listName(kind) : type.schema;
  const isDeletion = method === "delete";
  return {
    description: `${verb} ${kind.kind}`,
    consumes: method === "patch" ? patchTypes(kind) : ["*/*"],
    produces: ["application/json"],
    schemes: ["https"],
    operationId: operationId(place, verb),
    parameters: [...bodyOf(place, method), ...QUERY[method].map(queryParameter)],
    responses: {
      [method === "post" ? 201 : 200]: {
        description: "OK",
        ...(!isDeletion && { schema: { $ref: `#/definitions/${answer}` } }),
      },
      401: { description: "Unauthorized" },
    },
    "x-kubernetes-action": action,
    "x-kubernetes-group-version-kind": { group, kind: type.kind, version },
  };
}

function bodyOf({ type: { schema } }: Place, method: Operation["method"]): object[] {
  if (method === "get") return [];
  const type = { post: schema, put: schema, patch: PATCH, delete: DELETE_OPTIONS }[method];
  const required = method !== "delete";
  return [
    { name: "body", in: "body", ...(required && { required }), schema: { $ref: `#/definitions/${type}` } },
  ];
}

const WRITING = ["dryRun", "fieldManager", "fieldValidation"];
const QUERY: Readonly<Record<Operation["method"], readonly string[]>> = {
  get: [],
  post: WRITING,
  put: WRITING,
  patch: [...WRITING, "force"],
  delete: ["dryRun", "gracePeriodSeconds", "propagationPolicy"],
};

function queryParameter(name: string): object {
  const type = { force: "boolean", gracePeriodSeconds: "integer" }[name] ?? "string";
  return { name, in: "query", type, uniqueItems: true };
}

/** As in Kubernetes: `readCoreV1NamespacedPodStatus`, `listAppsV1DeploymentForAllNamespaces`. */
function operationId({ kind, suffix }: Place, verb: string): string {
  const group = kind.group === "" ? "core" : kind.group.replace(/\.k8s\.io$/, "");
  const words = [...group.split("."), kind.version].map((word) => word[0]?.toUpperCase() + word.slice(1));
  const [first, ofCollection = ""] = verb.split(/(?=Collection)/);
  const scope = kind.namespaced && suffix !== "ForAllNamespaces" ? "Namespaced" : "";
  return `${first}${words.join("")}${ofCollection}${scope}${kind.kind}${suffix}`;
}
