import type { Command } from "../command.ts";

export const kubectl: Command = {
  path: ["kubectl"],
  summary: "Run the kubectl on PATH against the cluster",
  description:
    "All words behind kubectl are kubectl's own, flags too; kubesim's own flags stand before it. Input, output and " +
    "exit code are kubectl's. KUBESIM_KUBECTL names another binary than the one on PATH.",
  group: "Basic",
  examples: [
    { note: "See the nodes", line: "kubesim kubectl get nodes", parseOnly: "needs a kubectl" },
    {
      note: "The pods of another cluster",
      line: "kubesim --cluster two kubectl get pods -o yaml",
      parseOnly: "needs a kubectl",
    },
  ],
  arguments: [{ name: "words", summary: "What kubectl is to do", required: false, variadic: true }],
  passThrough: true,
  load: () => import("../actions/kubectl.ts"),
};
