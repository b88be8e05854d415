import type { KubeObject } from "../../api/meta.ts";
import type { UpdateOptions, WriteOptions } from "../../api/objects.ts";
import { type Answer, headersWith, JSON_HEADERS } from "../answer.ts";
import { readObject } from "../body.ts";
import { textParameter } from "../query.ts";
import { writeOptions } from "../write-options.ts";
import type { VerbContext } from "./context.ts";
import { readDraft } from "./draft.ts";
import { readPatch } from "./patch.ts";
import { keyFor, viewFor } from "./read.ts";

/** POST to a collection. `replaces` is kubesim's own parameter (see CreateOptions). */
export async function createObject(context: VerbContext): Promise<Answer> {
  const { draft, options, warnings } = await readDraft(context);
  const replaces = textParameter(context.query, "replaces");
  const placed = replaces === undefined ? options : { ...options, replaces };
  const created = await context.objects.create(context.kind, draft, placed);
  return answerObject(context, 201, created, warnings);
}

/** PUT of an object, of its status or of another part. */
export async function replaceObject(
  context: VerbContext,
  name: string,
  subresource: string | undefined,
): Promise<Answer> {
  const { draft, options, warnings } = await readDraft(context, name);
  const object = draft as KubeObject;
  const updated = await context.objects.update(context.kind, object, withSubresource(options, subresource));
  return answerObject(context, 200, updated, warnings);
}

/** PATCH of an object, of its status or of another part. An apply may create the object. */
export async function patchObject(
  context: VerbContext,
  name: string,
  subresource: string | undefined,
): Promise<Answer> {
  const { patch, options, warnings } = await readPatch(context);
  let status = 200;
  const onCreated = () => {
    status = 201;
  };
  const placed = { ...withSubresource(options, subresource), onCreated };
  const patched = await context.objects.patch(context.kind, keyFor(context, name), patch, placed);
  return answerObject(context, status, patched, warnings);
}

/** POST to a subresource, such as pods/eviction. */
export async function runAction(context: VerbContext, name: string, action: string): Promise<Answer> {
  const warnings: string[] = [];
  const options = writeOptions(context, warnings, "CreateOptions");
  const { value } = await readObject(context.request);
  const result = await context.objects.act(context.kind, keyFor(context, name), action, value, options);
  return { status: 201, headers: headersWith(JSON_HEADERS, warnings), body: JSON.stringify(result) };
}

function answerObject(
  context: VerbContext,
  status: number,
  object: KubeObject,
  warnings: readonly string[],
): Answer {
  return { status, headers: headersWith(JSON_HEADERS, warnings), body: viewFor(context).single(object) };
}

function withSubresource(options: WriteOptions, subresource: string | undefined): UpdateOptions {
  if (subresource === undefined) return options;
  if (subresource === "status") return { ...options, subresource };
  return { ...options, part: subresource, ownedThrough: subresource };
}
