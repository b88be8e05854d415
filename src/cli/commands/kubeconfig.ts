import type { Command } from "../command.ts";

export const kubeconfig: Command = {
  path: ["kubeconfig"],
  summary: "Print a kubeconfig for kubectl and other clients",
  description:
    "The cluster's kubeconfig is kept beside its state; --merge puts it into KUBECONFIG or ~/.kube/config, where " +
    "everything else stays as it is.",
  group: "Cluster",
  examples: [
    {
      note: "Use real kubectl in this shell",
      line: "export KUBECONFIG=$(kubesim kubeconfig --path)",
      parseOnly: "needs a shell",
    },
    { note: "Print it", line: "kubesim kubeconfig" },
    { note: "Keep it among the others", line: "kubesim kubeconfig --merge" },
  ],
  options: [
    { flags: "--path", summary: "Print where the file is" },
    { flags: "--merge", summary: "Write it into KUBECONFIG or ~/.kube/config, keeping a copy" },
  ],
  load: () => import("../actions/kubeconfig.ts"),
};
