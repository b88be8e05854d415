/**
 * A way to hurt a node. The engine writes a NodeFault naming it; what it does to a node is the agent's matter.
 * One file in faults/, one line in registry.ts.
 */
export interface Fault {
  readonly name: string;
  readonly summary: string;
  /** True when the node's own state is lost with it (a crash): after healing the node is empty. */
  readonly losesPods: boolean;
}
