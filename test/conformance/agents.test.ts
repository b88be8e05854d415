import { AGENTS } from "../../src/agents/registry.ts";
import { agentConformance } from "./agents.ts";

for (const agent of AGENTS) agentConformance(agent);
