import type { Agent } from "./agent.ts";
import { simulatedAgent } from "./simulated.ts";

/** Every kind of node agent, by the name that a Node's `kubesim.dev/agent` annotation gives. */
export const AGENTS: readonly Agent[] = [simulatedAgent];
