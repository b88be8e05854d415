import { TIMING_PROFILES } from "../../api/timing-profiles.ts";
import type { Command } from "../command.ts";

export const timingSet: Command = {
  path: ["timing", "set"],
  summary: "Switch the timing profile",
  group: "Settings",
  examples: [{ note: "Heartbeat 5 s, a node is lost after 15 s", line: "kubesim timing set classic" }],
  arguments: [
    {
      name: "profile",
      summary: Object.keys(TIMING_PROFILES).join(", "),
      required: true,
      complete: "timing-profiles",
    },
  ],
  globals: ["output"],
  menu: { label: "Switch the timing profile", order: 62 },
  load: () => import("../actions/set-timing.ts"),
};
