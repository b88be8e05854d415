import { isReason } from "../api/errors.ts";
import { nodes } from "../api/kinds/node.ts";
import type { Objects } from "../api/objects.ts";

/** Asks the server itself: the local copy may not have heard of a new node yet. */
export async function nodeExists(objects: Objects, name: string): Promise<boolean> {
  try {
    await objects.get(nodes, { name });
    return true;
  } catch (error) {
    if (isReason(error, "NotFound")) return false;
    throw error;
  }
}
