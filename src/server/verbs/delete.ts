import { isReason } from "../../api/errors.ts";
import { type KubeObject, keyOf } from "../../api/meta.ts";
import type { DeleteOptions } from "../../api/objects.ts";
import { type Answer, JSON_HEADERS, json } from "../answer.ts";
import { readOptionalObject } from "../body.ts";
import { isStatus } from "../view.ts";
import { deleteOptions } from "../write-options.ts";
import type { VerbContext } from "./context.ts";
import { answerList, keyFor, selectionFor, viewFor } from "./read.ts";

/** DELETE of one object: answers the object while it is still there, else a Success status. */
export async function deleteObject(context: VerbContext, name: string): Promise<Answer> {
  const options = await readOptions(context);
  const result = await context.objects.delete(context.kind, keyFor(context, name), options);
  if (isStatus(result)) return json(200, result);
  return { status: 200, headers: JSON_HEADERS, body: viewFor(context).single(result) };
}

/** DELETE of a collection: deletes what matches the selectors, one by one, and answers the list of it. */
export async function deleteCollection(context: VerbContext): Promise<Answer> {
  const options = await readOptions(context);
  const view = viewFor(context);
  const list = await context.objects.list(context.kind, selectionFor(context));
  const deleted = await Promise.all(list.items.map((object) => deleteListed(context, object, options)));
  const items = deleted.filter((object) => object !== undefined);
  const answered = { resourceVersion: list.resourceVersion, items };
  return answerList(context, view, answered);
}

async function readOptions(context: VerbContext): Promise<DeleteOptions> {
  return deleteOptions(context.query, await readOptionalObject(context.request));
}

/** What was deleted; undefined when somebody else was faster. */
async function deleteListed(
  context: VerbContext,
  object: KubeObject,
  options: DeleteOptions,
): Promise<KubeObject | undefined> {
  try {
    const result = await context.objects.delete(context.kind, keyOf(object), options);
    return isStatus(result) ? object : result;
  } catch (error) {
    if (isReason(error, "NotFound")) return undefined;
    throw error;
  }
}
