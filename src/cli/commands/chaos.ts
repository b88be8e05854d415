import { TIMING_PROFILES } from "../../api/timing-profiles.ts";
import { CHAOS_DEFAULTS, CHECK_MODES } from "../../chaos/options.ts";
import type { Command } from "../command.ts";
import { shape, wholeNumber } from "../values.ts";

export const chaos: Command = {
  path: ["chaos"],
  summary: "Make nodes fail and recover by chance, heal everything, report",
  description:
    "At every tick each node that the run failed recovers with one chance, then each node that is up fails with the " +
    "other. Whatever ends the run leaves no node down. Exit codes: 0 held, 1 a --steady condition did not hold, " +
    "4 an invariant of kubesim was violated, 5 ended by an --abort condition, 130 Ctrl-C.",
  group: "Chaos",
  examples: [
    {
      note: "Five minutes, a fault every 25 s per node",
      line: "kubesim chaos --duration 300 --failure-prob 0.2 --recovery-prob 0.3",
      parseOnly: "takes five minutes",
    },
    { note: "What would happen, for a seed", line: "kubesim chaos --seed 7 --dry-run" },
    {
      note: "A test: nine of ten pods must run, at most a third of the nodes is down at a time",
      line: "kubesim chaos --duration 60 --max-down 33% --steady 'running>=90%' --report junit --out ./report",
      parseOnly: "may deviate",
    },
    {
      note: "A day on a hundred nodes of its own, in virtual time",
      line: "kubesim chaos --virtual --nodes 100 --pods 1000 --duration 24h --failure-prob 0.0005 --seed 7",
      parseOnly: "takes a while",
    },
    {
      note: "The same twice",
      line: "kubesim chaos --virtual --nodes 5 --pods 20 --duration 60 --seed 7",
    },
  ],
  options: [
    {
      flags: "--duration <duration>",
      summary: "How long; a bare number is seconds",
      default: CHAOS_DEFAULTS.duration,
      ask: "60",
    },
    {
      flags: "--failure-prob <p>",
      summary: "Chance per tick that a node fails",
      default: CHAOS_DEFAULTS.failureProb,
      ask: true,
    },
    {
      flags: "--recovery-prob <p>",
      summary: "Chance per tick that it recovers",
      default: CHAOS_DEFAULTS.recoveryProb,
      ask: true,
    },
    { flags: "--tick <duration>", summary: "Time from tick to tick", default: CHAOS_DEFAULTS.tick },
    { flags: "--seed <text>", summary: "The same seed gives the same run (default: drawn and printed)" },
    {
      flags: "--fault <names>",
      summary: "Faults, with weights: node-crash,node-hang=0.3",
      default: CHAOS_DEFAULTS.fault,
      repeatable: true,
    },
    {
      flags: "--virtual",
      summary: "In a cluster of its own in virtual time: days in seconds, the same twice",
    },
    { flags: "--pods <count>", summary: "With --virtual: how many pods", parse: wholeNumber(0, 1_000_000) },
    {
      flags: "--node <shape>",
      summary: "With --virtual: what a node has (default: cpu=16,memory=64Gi)",
      parse: shape,
    },
    {
      flags: "--pod <shape>",
      summary: "With --virtual: what a pod asks for (default: cpu=1,memory=1Gi)",
      parse: shape,
    },
    { flags: "--strategy <name>", summary: "With --virtual: placement strategy", complete: "strategies" },
    {
      flags: "--timing <profile>",
      summary: "With --virtual: timing profile",
      choices: Object.keys(TIMING_PROFILES),
    },
    { flags: "--select <selector>", summary: "Only nodes with these labels: zone=a,!gpu" },
    {
      flags: "--nodes <pattern>",
      summary: "Only nodes whose whole name matches: 'node-[0-9]+'; with --virtual: how many",
    },
    { flags: "--exclude <names>", summary: "Never these nodes", repeatable: true, complete: "nodes" },
    { flags: "--max-down <limit>", summary: "At most so many down at once: 3 or 30%" },
    { flags: "--min-up <limit>", summary: "At least so many of all nodes stay up: 1 or 50%" },
    {
      flags: "--steady <condition>",
      summary: "What must hold: 'running>=95%', 'unschedulable==0 for 10s'",
      repeatable: true,
    },
    {
      flags: "--abort <condition>",
      summary: "What ends the run at once: 'availability<40%'",
      repeatable: true,
    },
    {
      flags: "--check-mode <mode>",
      summary: "When --steady is checked",
      default: CHAOS_DEFAULTS.checkMode,
      choices: Object.keys(CHECK_MODES),
    },
    {
      flags: "--start-after <duration>",
      summary: "Watch for so long before the first tick",
      default: CHAOS_DEFAULTS.startAfter,
    },
    {
      flags: "--settle <duration>",
      summary: "After healing, wait at most so long until all is back",
      default: CHAOS_DEFAULTS.settle,
    },
    { flags: "--dry-run", summary: "Say what would be done, and do nothing" },
    { flags: "--report <formats>", summary: "Files to write: json,html,junit,md" },
    { flags: "--out <folder>", summary: "Where the files go (default: here)", complete: "files" },
    {
      flags: "--record <file>",
      summary: "Write all events to this file, one JSON line each",
      complete: "files",
    },
    { flags: "--plain", summary: "One line of text per event, in place of the live view or of JSON lines" },
    { flags: "--allow-remote", summary: "Also on a server that is not on this machine" },
  ],
  globals: ["output"],
  menu: { label: "Run chaos", order: 75 },
  load: () => import("../actions/chaos.ts"),
};
