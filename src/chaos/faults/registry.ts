import type { Fault } from "../fault.ts";
import { nodeCrash } from "./node-crash.ts";
import { nodeHang } from "./node-hang.ts";

/** Every fault chaos can inject, the default first. */
export const FAULTS: readonly Fault[] = [nodeCrash, nodeHang];

/** The fault of this name, or undefined. */
export function findFault(name: string): Fault | undefined {
  return FAULTS.find((fault) => fault.name === name);
}
