import { isReason } from "../../api/errors.ts";
import type { Kind } from "../../api/kind.ts";
import { type LabelSelector, selects } from "../../api/label-selector.ts";
import { type KubeObject, keyOf, type OwnerReference } from "../../api/meta.ts";
import type { Objects } from "../../api/objects.ts";
import { controllerReference } from "../../api/owner-references.ts";
import type { OwnedObjects } from "../owned-objects.ts";
import type { OwnerQueue } from "./owner-queue.ts";

/** What claiming needs: who claims what kind of object, out of which copy, and when it is worth a look. */
export interface Claim<T extends KubeObject, C extends KubeObject> {
  readonly objects: Objects;
  readonly ownerKind: Kind<T>;
  readonly kind: Kind<C>;
  readonly owned: OwnedObjects<C>;
  readonly queue: OwnerQueue<T>;
}

/**
 * Lets go what an owner manages and its selector does not select any more, and takes over what it selects and nobody
 * manages (Kubernetes' ControllerRefManager). Looks only when something has changed that could call for it.
 * @returns true when something was written: the owner should wait until it sees that.
 */
export async function claimObjects<T extends KubeObject, C extends KubeObject>(
  claim: Claim<T, C>,
  owner: T,
  selector: LabelSelector,
  isAdoptable: (object: C) => boolean = () => true,
): Promise<boolean> {
  const { uid } = owner.metadata;
  if (owner.metadata.deletionTimestamp !== undefined || !claim.queue.takeClaim(uid)) return false;
  let changed = false;
  try {
    for (const object of [...claim.owned.of(uid).values()]) {
      if (isLeaving(object) || selects(selector, object.metadata.labels)) continue;
      changed = (await release(claim, owner, object)) || changed;
    }
    for (const object of [...claim.owned.orphansIn(owner.metadata.namespace)]) {
      if (isLeaving(object) || !selects(selector, object.metadata.labels) || !isAdoptable(object)) continue;
      changed = (await adopt(claim, owner, object)) || changed;
    }
  } catch (error) {
    claim.queue.wantClaim(uid);
    throw error;
  }
  return changed;
}

function isLeaving(object: KubeObject): boolean {
  return object.metadata.deletionTimestamp !== undefined;
}

/** The uid keeps the patch from meeting another object of the same name. */
function release<T extends KubeObject, C extends KubeObject>(
  { objects, kind }: Claim<T, C>,
  owner: T,
  object: C,
): Promise<boolean> {
  const ownerReferences = object.metadata.ownerReferences?.filter(({ uid }) => uid !== owner.metadata.uid);
  return patchOwners(objects, kind, object, ownerReferences);
}

async function adopt<T extends KubeObject, C extends KubeObject>(
  { objects, kind, ownerKind }: Claim<T, C>,
  owner: T,
  object: C,
): Promise<boolean> {
  // The local copy may be behind: an owner that is being deleted takes nothing over.
  const fresh = await objects.get(ownerKind, keyOf(owner));
  if (fresh.metadata.uid !== owner.metadata.uid || fresh.metadata.deletionTimestamp !== undefined) {
    return false;
  }
  const others = object.metadata.ownerReferences ?? [];
  return patchOwners(objects, kind, object, [...others, controllerReference(ownerKind, owner)]);
}

async function patchOwners<C extends KubeObject>(
  objects: Objects,
  kind: Kind<C>,
  object: C,
  ownerReferences: readonly OwnerReference[] | undefined,
): Promise<boolean> {
  const { uid, resourceVersion } = object.metadata;
  const patch = { metadata: { uid, resourceVersion, ownerReferences: ownerReferences ?? null } };
  try {
    await objects.patch(kind, keyOf(object), { type: "merge", patch });
    return true;
  } catch (error) {
    // Changed or gone: the change leads to another look.
    if (isReason(error, "NotFound") || isReason(error, "Conflict")) return false;
    throw error;
  }
}
