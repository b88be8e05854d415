import { expect, it } from "vitest";
import { parse } from "yaml";
import { prepareScenario } from "../prepare.ts";
import { readSpec, scenarioOf } from "../scenario/read-scenario.ts";
import { writeScenario } from "./write-scenario.ts";

const fault = (path: string, problem: string) => new Error(`${path} ${problem}`);

it("writes chance as it was given, where chance is needed for the failure", () => {
  const spec = readSpec(
    {
      nodes: [{ count: 2 }],
      duration: "1h",
      faults: [
        { failureProbability: 0.1, recoveryProbability: 0.5, tick: "2s" },
        { mtbf: "20m", mttr: "lognormal:2m,0.5", select: "zone=a" },
        { mtbf: "empirical:1m,90s", mttr: "weibull:0.7,3m", fault: "node-hang" },
        { preset: "g5k06", from: "5m", until: "20m" },
        { failureProbability: 0.1, until: "90s" },
      ],
      events: ["at 1m cordon node-1"],
    },
    fault,
  );
  const scenario = scenarioOf({ name: "x", spec }, [{ name: "first-fit" }]);
  const { scenario: text } = writeScenario(
    prepareScenario(scenario),
    { strategy: "first-fit", seed: "1" },
    { nodes: "nodes.yaml", pods: "pods.yaml" },
  );
  const again = readSpec(parse(text).spec, fault);
  expect(again.faults).toEqual(spec.faults);
  expect(again.events).toEqual(spec.events);
});
