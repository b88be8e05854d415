import { METRICS } from "../../simulate/verdict/metrics.ts";
import type { Command } from "../command.ts";

export const simulate: Command = {
  path: ["simulate"],
  summary: "Run a scenario in virtual time and compare strategies",
  description:
    "The same control plane on a virtual clock: days in seconds, the same twice from one seed. Takes a scenario file " +
    "(kind: Scenario), flags, or both: flags win. One result per strategy and seed. Ctrl-C prints what has been " +
    "measured so far, marked as partial. Exit codes: 0 done, 2 bad input, 4 an invariant of kubesim was violated, " +
    "130 Ctrl-C.",
  group: "Simulate",
  examples: [
    {
      note: "Where the pods of a GPU cluster go, by strategy",
      line:
        "kubesim simulate --nodes fixtures/openb/openb_node_list_all_node.csv --every-node 64 " +
        "--pods fixtures/openb/openb_pod_list_default.csv --limit-pods 150 --arrivals none " +
        "--strategy first-fit,best-fit,worst-fit",
    },
    {
      note: "An hour of jobs that come by chance, on nodes that fail",
      line:
        "kubesim simulate --node count=5,cpu=8 --generate poisson:0.02 --pod-cpu uniform:1,4 " +
        "--pod-duration exponential:5m --mtbf 20m --mttr 2m --duration 1h --seed 1,2",
    },
    {
      note: "A log of a parallel machine, first come first served",
      line: "kubesim simulate --processors 128 --pods NASA.swf.gz --queue fcfs -o json",
      parseOnly: "needs the log",
    },
  ],
  arguments: [{ name: "scenario", summary: "Scenario file", required: false, complete: "files" }],
  options: [
    {
      flags: "--nodes <file>",
      summary: "Nodes: openb CSV or manifests",
      repeatable: true,
      complete: "files",
    },
    { flags: "--every-node <n>", summary: "Takes rows 0, N, 2N, ... of --nodes" },
    {
      flags: "--select-nodes <selector>",
      summary: "Only nodes of --nodes with these labels: kubesim.dev/gpu-model",
    },
    {
      flags: "--node <shape>",
      summary: "Nodes of one shape: count=10,cpu=8,memory=32Gi,gpu=2,zones=3",
      repeatable: true,
      ask: "count=5,cpu=8",
    },
    { flags: "--on-demand", summary: "Nodes of --node are added one by one, when a pod fits nowhere" },
    { flags: "--processors <n>", summary: "One machine with so many CPUs" },
    { flags: "--live", summary: "The nodes of the live cluster, without the pods on them" },
    {
      flags: "--pods <file>",
      summary: "Workload: openb CSV, standard workload format (SWF), manifests; also gzipped",
      repeatable: true,
      complete: "files",
    },
    {
      flags: "--resources <names>",
      summary: "What openb rows have and ask for: cpu,memory, cpu or cpu,memory,gpu",
    },
    {
      flags: "--arrivals <how>",
      summary: "none: all there at the start, never leaving; trace: the file's own times",
      choices: ["none", "trace"],
    },
    { flags: "--limit-pods <n>", summary: "Only so many of each file" },
    {
      flags: "--order <how>",
      summary: "shuffled: pods of files come in another order with each seed",
      choices: ["file", "shuffled"],
    },
    {
      flags: "--demand <resource=times>",
      summary: "Pods are drawn again until they ask for so much of what nodes have: gpu=1.3",
    },
    {
      flags: "--generate <process>",
      summary: "Pods by chance: poisson:2, constant:5, burst:100,10m, diurnal:0.1,2,24h (per second), none",
      repeatable: true,
      ask: "poisson:0.05",
    },
    { flags: "--pod-count <n>", summary: "So many generated pods at most" },
    { flags: "--pod-cpu <distribution>", summary: "CPU of generated pods: 1, uniform:100m,4, exponential:2" },
    { flags: "--pod-memory <distribution>", summary: "Memory of generated pods: 1Gi, lognormal:2Gi,1" },
    {
      flags: "--pod-gpu <distribution>",
      summary: "GPUs of generated pods, shares of one or whole: 0.5, empirical:0,0.25,1 (default: none)",
    },
    {
      flags: "--pod-duration <distribution>",
      summary: "How long they run: 5m, weibull:0.5,10m (default: for ever)",
      ask: "exponential:5m",
    },
    {
      flags: "--strategy <names>",
      summary: "Strategies to compare; a name or a file: first-fit,best-fit,./mine.mjs",
      repeatable: true,
      complete: "strategies",
      ask: "first-fit,best-fit,worst-fit",
    },
    {
      flags: "--queue <discipline>",
      summary: "What a pod that fits nowhere holds up",
      choices: ["skip", "fcfs", "easy"],
    },
    { flags: "--failure-prob <p>", summary: "Chance per tick that a node fails" },
    { flags: "--recovery-prob <p>", summary: "Chance per tick that it recovers" },
    { flags: "--tick <duration>", summary: "Time from tick to tick" },
    { flags: "--mtbf <distribution>", summary: "Time until a node fails: 20m (exponential), weibull:0.5,1h" },
    { flags: "--mttr <distribution>", summary: "Time until it is back" },
    {
      flags: "--preset <system>",
      summary: "Failures of a real system: lanl05, g5k06, microsoft99, planetlab05 and others",
    },
    { flags: "--fault <name>", summary: "What happens to a node: node-crash or node-hang" },
    {
      flags: "--event <event>",
      summary: "'at 10s crash busiest', 'at 1m crash zone zone-1', 'at 40s heal all'",
      repeatable: true,
    },
    { flags: "--timing <profile>", summary: "Timing profile", complete: "timing-profiles" },
    {
      flags: "--duration <duration>",
      summary: "How long (default: until nothing is left to happen)",
      ask: "1h",
    },
    { flags: "--seed <texts>", summary: "One run per strategy and seed: 1,2,3 or 1..10", repeatable: true },
    {
      flags: "--stop <condition>",
      summary: "Ends a run as soon as it holds: 'pending==0'",
      repeatable: true,
    },
    {
      flags: "--metric <name>",
      summary: "What the verdict is about (default: what matters in these runs)",
      choices: METRICS.map(({ name }) => name),
    },
    {
      flags: "--report <file>",
      summary: "Also write a page with verdict and charts: report.html",
      complete: "files",
    },
    {
      flags: "--record <file>",
      summary: "Also record the run (one strategy, one seed): run.jsonl, for kubesim replay",
      complete: "files",
    },
    {
      flags: "--shrink <file>",
      summary: "Find a small scenario in which the run still fails, and write it: small.yaml",
      complete: "files",
    },
    { flags: "--workers <n>", summary: "So many runs at a time (default: one per core)" },
    { flags: "--schema", summary: "Print the JSON schema of scenario files, for editors" },
  ],
  globals: ["output", "headers"],
  menu: { label: "Simulate a workload", order: 83, submenu: "Simulate and replay" },
  load: () => import("../actions/simulate.ts"),
};
