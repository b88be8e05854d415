import { badRequest, invalid } from "../../api/errors.ts";
import { invalidValue, NOT_NEGATIVE } from "../../api/field-errors.ts";
import { apiVersionOf } from "../../api/kind.ts";
import type { ApplyPatch, Patch, WriteOptions } from "../../api/objects.ts";
import { applyPatch } from "../../api/patch/apply.ts";
import { replicasPatch, SCALE, type Scale, type ScaleSubresource, scaleOf } from "../../api/scale.ts";
import { cannotBeHandled, conform } from "../../api/schema/schema.ts";
import { type Answer, JSON_HEADERS } from "../answer.ts";
import { readObject } from "../body.ts";
import { writeOptions } from "../write-options.ts";
import type { VerbContext } from "./context.ts";
import { readPatch } from "./patch.ts";
import { keyFor } from "./read.ts";

/** GET of `/scale`. */
export async function getScale(
  context: VerbContext,
  name: string,
  subresource: ScaleSubresource,
): Promise<Answer> {
  const object = await context.objects.get(context.kind, keyFor(context, name));
  return answerScale(scaleOf(subresource, object));
}

/** PUT of `/scale`. */
export async function replaceScale(
  context: VerbContext,
  name: string,
  subresource: ScaleSubresource,
): Promise<Answer> {
  const { value } = await readObject(context.request);
  const asked = conformed(value);
  return writeScale(context, name, subresource, asked, asked.metadata?.resourceVersion);
}

/** PATCH of `/scale`: the patch is of the Scale, not of the object. */
export async function patchScale(
  context: VerbContext,
  name: string,
  subresource: ScaleSubresource,
): Promise<Answer> {
  const { patch, options } = await readPatch(context);
  if (patch.type === "apply") return applyScale(context, name, subresource, patch, options);
  const current = scaleOf(subresource, await context.objects.get(context.kind, keyFor(context, name)));
  const asked = conformed(applyPatch(SCALE, current, patch));
  return writeScale(context, name, subresource, asked, changedVersion(asked, current));
}

/** An applied Scale is an apply of the number of replicas alone. */
async function applyScale(
  context: VerbContext,
  name: string,
  subresource: ScaleSubresource,
  { patch, force }: ApplyPatch,
  options: WriteOptions,
): Promise<Answer> {
  const asked = conformed(patch);
  const replicas = asked.spec?.replicas ?? 0;
  checkScale(asked, name, replicas);
  const spec = replicasPatch(subresource, replicas, asked.metadata?.resourceVersion);
  const applied: ApplyPatch = {
    type: "apply",
    patch: { apiVersion: apiVersionOf(context.kind), ...spec },
    ...(force && { force }),
  };
  return writeThroughScale(context, name, subresource, applied, options);
}

function writeScale(
  context: VerbContext,
  name: string,
  subresource: ScaleSubresource,
  asked: Asked,
  version: string | undefined,
): Promise<Answer> {
  const replicas = asked.spec?.replicas ?? 0;
  checkScale(asked, name, replicas);
  const patch = { type: "merge", patch: replicasPatch(subresource, replicas, version) } as const;
  const options = writeOptions(
    context,
    [],
    context.request.method === "PUT" ? "UpdateOptions" : "PatchOptions",
  );
  return writeThroughScale(context, name, subresource, patch, options);
}

async function writeThroughScale(
  context: VerbContext,
  name: string,
  subresource: ScaleSubresource,
  patch: Patch,
  options: WriteOptions,
): Promise<Answer> {
  const through = { ...options, ownedThrough: "scale" };
  const written = await context.objects.patch(context.kind, keyFor(context, name), patch, through);
  return answerScale(scaleOf(subresource, written));
}

/** A Scale as a client sends it: any part may be missing. */
type Asked = Partial<Scale>;

function conformed(value: unknown): Asked {
  const { value: scale, errors } = conform(SCALE.schema, value);
  if (errors.length > 0) throw cannotBeHandled(SCALE, errors);
  return scale as Asked;
}

/** A patch that says nothing of the version applies to whatever is there. */
function changedVersion(asked: Asked, current: Scale): string | undefined {
  const { resourceVersion } = asked.metadata ?? {};
  return resourceVersion === current.metadata.resourceVersion ? undefined : resourceVersion;
}

function checkScale(asked: Asked, name: string, replicas: number): void {
  const givenName = asked.metadata?.name;
  if (givenName !== undefined && givenName !== name) {
    throw badRequest(`the name of the object (${givenName}) does not match the name on the URL (${name})`);
  }
  if (replicas >= 0) return;
  const error = invalidValue("spec.replicas", replicas, NOT_NEGATIVE);
  throw invalid({ group: SCALE.group, kind: SCALE.kind, plural: "scales" }, name, [error]);
}

function answerScale(scale: Scale): Answer {
  return { status: 200, headers: JSON_HEADERS, body: JSON.stringify(scale) };
}
