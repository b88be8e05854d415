import { ApiError } from "../../api/errors.ts";
import type { KubeObject, ObjectKey } from "../../api/meta.ts";
import type { ListOptions, ObjectList, Selection } from "../../api/objects.ts";
import { chooseForm } from "../accept.ts";
import { type Answer, JSON_HEADERS } from "../answer.ts";
import { answerPieces, takesGzip } from "../chunks.ts";
import { countParameter, textParameter } from "../query.ts";
import { includeObjectOf } from "../table.ts";
import { type View, viewOf } from "../view.ts";
import type { VerbContext } from "./context.ts";

/** GET of one object, or of its status subresource, which is the whole object too. */
export async function getObject(context: VerbContext, name: string): Promise<Answer> {
  const view = viewFor(context);
  const object = await context.objects.get(context.kind, keyFor(context, name));
  return { status: 200, headers: JSON_HEADERS, body: view.single(object) };
}

/** GET of a collection. */
export async function listObjects(context: VerbContext): Promise<Answer> {
  const view = viewFor(context);
  const list = await context.objects.list(context.kind, listOptions(context));
  checkExactVersion(context, list.resourceVersion);
  return answerList(context, view, list);
}

/** The view that the request's Accept header asks for. */
export function viewFor(context: VerbContext): View {
  const form = chooseForm(context.request.header("accept"), ["Table", "PartialObjectMetadata"]);
  const include = includeObjectOf(context.query.get("includeObject"));
  return viewOf(context.kind, form, include, () => context.clock.now());
}

/** The key of an object in the request's namespace. */
export function keyFor(context: VerbContext, name: string): ObjectKey {
  return context.namespace === undefined ? { name } : { namespace: context.namespace, name };
}

/** The request's namespace and selectors. */
export function selectionFor(context: VerbContext): Selection {
  const labelSelector = textParameter(context.query, "labelSelector");
  const fieldSelector = textParameter(context.query, "fieldSelector");
  return {
    ...(context.namespace !== undefined && { namespace: context.namespace }),
    ...(labelSelector !== undefined && { labelSelector }),
    ...(fieldSelector !== undefined && { fieldSelector }),
  };
}

/** A version in a query is a decimal number. */
export function checkVersion(version: string | undefined): void {
  if (version === undefined || /^\d{1,16}$/.test(version)) return;
  const message = `resourceVersion: Invalid value: ${JSON.stringify(version)}: must be a number`;
  throw new ApiError("BadRequest", `Invalid value: ${JSON.stringify(version)}: ${message}`);
}

function listOptions(context: VerbContext): ListOptions {
  const limit = countParameter(context.query, "limit");
  const next = textParameter(context.query, "continue");
  checkVersion(textParameter(context.query, "resourceVersion"));
  return {
    ...selectionFor(context),
    ...(limit !== undefined && limit > 0 && { limit }),
    ...(next !== undefined && { continue: next }),
  };
}

/** Lists are of now: any older version that is asked for by name is gone. */
function checkExactVersion(context: VerbContext, current: string): void {
  const match = textParameter(context.query, "resourceVersionMatch");
  const version = textParameter(context.query, "resourceVersion");
  if (match === undefined) return;
  if (match !== "Exact" && match !== "NotOlderThan") {
    throw invalidList(
      `resourceVersionMatch: Unsupported value: ${JSON.stringify(match)}: supported values: "Exact", "NotOlderThan"`,
    );
  }
  if (version === undefined) {
    throw invalidList(
      "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided",
    );
  }
  if (match === "Exact" && version !== current) {
    throw new ApiError(
      "Expired",
      `The resourceVersion for the provided list is too old: ${version} (${current})`,
    );
  }
}

/** 422 about the options of a list or watch. */
export function invalidList(message: string): ApiError {
  return new ApiError("Invalid", `ListOptions.meta.k8s.io "" is invalid: ${message}`);
}

/** Answers a list, streamed when it is long. */
export function answerList(context: VerbContext, view: View, list: ObjectList<KubeObject>): Answer {
  const acceptsGzip = takesGzip(context.request.header("accept-encoding"));
  return answerPieces(listPieces(view, list), acceptsGzip, context.onError);
}

function* listPieces(view: View, list: ObjectList<KubeObject>): Generator<Buffer | string> {
  const { resourceVersion, remainingItemCount } = list;
  yield view.listHead({
    resourceVersion,
    ...(list.continue !== undefined && { continue: list.continue }),
    ...(remainingItemCount !== undefined && { remainingItemCount }),
  });
  let isFirst = true;
  for (const item of list.items) {
    if (!isFirst) yield COMMA;
    isFirst = false;
    yield view.item(item);
  }
  yield view.listTail;
}

const COMMA = Buffer.from(",");
