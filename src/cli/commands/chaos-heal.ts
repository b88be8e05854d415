import type { Command } from "../command.ts";

export const chaosHeal: Command = {
  path: ["chaos", "heal"],
  summary: "Take away every fault of chaos runs, also of one that goes on",
  description: "A run that still goes on ends. Nodes killed by hand stay down unless --all is given.",
  group: "Chaos",
  examples: [{ note: "After a kill -9 of kubesim chaos", line: "kubesim chaos heal" }],
  options: [{ flags: "--all", summary: "Also nodes killed by hand" }],
  globals: ["output"],
  menu: { label: "Heal what chaos left", order: 110, submenu: "More about chaos" },
  load: () => import("../actions/heal-chaos.ts"),
};
