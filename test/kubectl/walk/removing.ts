import type { Step } from "./steps.ts";

/** How nodes are emptied, and everything is taken away. */
export const REMOVING: readonly Step[] = [
  ["cordon/uncordon, taint", "cordon node-1", /^node\/node-1 cordoned\n/],
  ["cordon/uncordon, taint", "get node node-1", /Ready,SchedulingDisabled/],
  ["cordon/uncordon, taint", "uncordon node-1", /^node\/node-1 uncordoned\n/],
  ["cordon/uncordon, taint", "taint node node-1 spot=true:NoSchedule", /^node\/node-1 tainted\n/],
  ["cordon/uncordon, taint", "taint node node-1 spot-", /^node\/node-1 untainted\n/],
  [
    "drain",
    "drain node-1 --ignore-daemonsets --dry-run=server",
    /drained \(server dry run\)|unmanaged|cannot delete/,
    1,
  ],
  [
    "drain",
    "drain node-1 --ignore-daemonsets --delete-emptydir-data --force --grace-period=1 --timeout=100s",
    /evicting pod [\s\S]*node\/node-1 drained\n/,
  ],
  ["drain", "uncordon node-1", /uncordoned/],
  ["delete NAME", "delete cm made", /^configmap "made" deleted/],
  ["delete NAME", "delete cm made", /Error from server \(NotFound\): configmaps "made" not found/, 1],
  ["delete NAME", "delete cm made --ignore-not-found", /^$/],
  ["delete NAME", "delete rs set --cascade=orphan", /"set" deleted/],
  ["delete NAME", "get pods -l app=set -o name", /^pod\/set-\w+\n$/],
  ["delete NAME", "delete pods -l app=set --now", /"set-\w+" deleted/],
  ["delete NAME", "delete deploy web --cascade=foreground --timeout=100s", /"web" deleted/],
  ["delete NAME", "get rs,pods -l app=web -o name", /^$/],
  ["delete NAME", "delete pod plain --grace-period=0 --force", /"plain" force deleted/],
  ["delete NAME", "delete sts,ds --all --wait=false", /"db" deleted[\s\S]*"agent" deleted/],
  ["delete NAME", "delete -f list.yaml --dry-run=server", /"a" deleted.* \(server dry run\)/],
  ["delete NAME", "delete -f list.yaml", /"a" deleted.*\n.*"b" deleted/],
  ["delete NAME", "delete clusterrole/NS-cr clusterrolebinding/NS-crb priorityclass/NS-pc", /deleted/],
  ["delete NAME", "delete ns NS NS-other --timeout=100s", /deleted/],
];
