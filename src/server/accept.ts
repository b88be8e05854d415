import { ApiError } from "../api/errors.ts";

/** What one of the wished-for media types means to this server. */
export interface Form {
  /** `json` is the object itself; the others are views of it. */
  readonly as: "json" | "Table" | "PartialObjectMetadata" | "APIGroupDiscoveryList";
  /** Version of the view: v1, v1beta1, v2, v2beta1. */
  readonly version: string;
}

const PLAIN: Form = { as: "json", version: "" };

/** Which versions of a view are served, by the group it lives in. */
const VIEWS: ReadonlyMap<string, Form> = new Map([
  ...viewsOf("Table", "Table", "meta.k8s.io", ["v1", "v1beta1"]),
  ...viewsOf("PartialObjectMetadata", "PartialObjectMetadata", "meta.k8s.io", ["v1", "v1beta1"]),
  ...viewsOf("PartialObjectMetadataList", "PartialObjectMetadata", "meta.k8s.io", ["v1", "v1beta1"]),
  ...viewsOf("APIGroupDiscoveryList", "APIGroupDiscoveryList", "apidiscovery.k8s.io", ["v2", "v2beta1"]),
]);

/** Clients send few different Accept headers; an attacker's must not fill the memory. */
const REMEMBERED_MAX = 200;
const remembered = new Map<string, readonly Form[]>();

/**
 * The first wish that can be met: Accept is read from left to right, as kube-apiserver does; weights do not count.
 * Without the header the answer is plain JSON. Fails with NotAcceptable.
 */
export function chooseForm(accept: string | undefined, allowed: readonly Form["as"][]): Form {
  if (accept === undefined || accept === "application/json" || accept === "*/*") return PLAIN;
  for (const form of formsOf(accept)) {
    if (form.as === "json" || allowed.includes(form.as)) return form;
  }
  throw new ApiError("NotAcceptable", "only the following media types are accepted: application/json");
}

function formsOf(accept: string): readonly Form[] {
  const known = remembered.get(accept);
  if (known !== undefined) return known;
  const forms = accept
    .split(",")
    .map(formOf)
    .filter((form) => form !== undefined);
  if (remembered.size < REMEMBERED_MAX && accept.length < 1_000) remembered.set(accept, forms);
  return forms;
}

function formOf(entry: string): Form | undefined {
  const [type, ...parameters] = entry.split(";").map((part) => part.trim().toLowerCase());
  if (type === "") return PLAIN;
  if (type !== "application/json" && type !== "application/*" && type !== "*/*") return undefined;
  const values = new Map(parameters.map((parameter) => splitOnce(parameter)));
  const view = values.get("as");
  if (view === undefined) return PLAIN;
  return VIEWS.get(viewKey(view, values.get("g") ?? "", values.get("v") ?? ""));
}

function splitOnce(parameter: string): [string, string] {
  const equals = parameter.indexOf("=");
  return equals < 0 ? [parameter, ""] : [parameter.slice(0, equals), parameter.slice(equals + 1)];
}

function viewsOf(name: string, as: Form["as"], group: string, versions: readonly string[]): [string, Form][] {
  return versions.map((version) => [viewKey(name.toLowerCase(), group, version), { as, version }]);
}

function viewKey(name: string, group: string, version: string): string {
  return `${name}/${group}/${version}`;
}
