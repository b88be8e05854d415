import { afterAll, beforeAll, describe, it } from "vitest";
import { kubectlFor, kubectlRequirement, type Target, versionOf, walkingBinaries } from "./kubectl.ts";
import { CHANGING } from "./walk/changing.ts";
import { CONTAINERS } from "./walk/containers.ts";
import { CREATING } from "./walk/creating.ts";
import { INFORMATION } from "./walk/information.ts";
import { MANIFESTS } from "./walk/manifests.ts";
import { READING } from "./walk/reading.ts";
import { REMOVING } from "./walk/removing.ts";
import { type Step, take, type Walker } from "./walk/steps.ts";
import { addNodes, useCluster } from "./workloads.ts";

const WALK: readonly Step[] = [
  ...INFORMATION,
  ...CREATING,
  ...READING,
  ...CHANGING,
  ...CONTAINERS,
  ...REMOVING,
];

/**
 * A walk through every command and every form of its output, for each kubectl that does not run the whole suite. All
 * share one cluster, each has a namespace of its own. A test is a line of the table of commands.
 */
describe.skipIf(!kubectlRequirement.available)("any kubectl", () => {
  let target: Target | undefined;
  const cluster = useCluster(async (where) => {
    target = where;
    const kubectl = kubectlFor(walkingBinaries[0] as string, where);
    await addNodes(kubectl);
    kubectl.dispose();
  });
  afterAll(() => cluster.stop());

  describe.each(walkingBinaries)("%s", (binary) => {
    const namespace = `walk-${walkingBinaries.indexOf(binary)}`;
    let walker: Walker;
    beforeAll(async () => {
      const kubectl = kubectlFor(binary, target as Target);
      walker = { kubectl, namespace, minor: Number(versionOf(binary)?.split(".")[1]) };
      for (const [name, content] of Object.entries(MANIFESTS)) {
        kubectl.file(name, content.replaceAll("NS", namespace));
      }
      await kubectl("create", "namespace", namespace);
      await kubectl("config", "set-context", "--current", `--namespace=${namespace}`);
    });
    afterAll(() => walker.kubectl.dispose());

    for (const [line, steps] of byLine(WALK)) {
      it(line, async () => {
        for (const step of steps) await take(walker, step);
      });
    }
  });
});

/** Steps of the same line that follow each other, together. */
function byLine(steps: readonly Step[]): readonly (readonly [string, readonly Step[]])[] {
  const lines: [string, Step[]][] = [];
  for (const step of steps) {
    const last = lines.at(-1);
    if (last !== undefined && last[0] === step[0]) last[1].push(step);
    else lines.push([step[0], [step]]);
  }
  return lines;
}
