import type { Command } from "../command.ts";
import { SHELLS } from "../completion/scripts.ts";

export const completion: Command = {
  path: ["completion"],
  summary: "Print the completion script of a shell",
  group: "Settings",
  examples: [
    { note: "For this bash", line: "source <(kubesim completion bash)", parseOnly: "needs bash" },
    { note: "See it", line: "kubesim completion zsh" },
  ],
  arguments: [
    {
      name: "shell",
      summary: SHELLS.join(", "),
      required: true,
      choices: SHELLS,
    },
  ],
  load: () => import("../actions/completion.ts"),
};
