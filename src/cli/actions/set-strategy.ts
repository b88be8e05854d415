import type { ClusterSettings } from "../../api/kinds/cluster-settings.ts";
import type { Objects } from "../../api/objects.ts";
import { didYouMean } from "../../lib/did-you-mean.ts";
import type { CommandRun } from "../command.ts";
import { withCluster } from "../connection.ts";
import { UsageError } from "../errors.ts";
import { printSettings } from "../output/settings.ts";
import { changeSettings, readSettings } from "./settings.ts";
import { builtInStrategies, readStrategyFile } from "./strategies.ts";

export const run: CommandRun = async (context, input) => {
  const asked = input.strategy as string;
  // Read and checked before anything is connected or started.
  const own = isFile(asked) ? await readStrategyFile(asked) : undefined;
  await withCluster(context, async ({ objects }) => {
    const known = own === undefined ? await requireStrategy(objects, asked) : undefined;
    const settings = await changeSettings(objects, (spec) =>
      own === undefined ? named(spec, asked) : { ...spec, strategy: own.name, customStrategy: own },
    );
    const summary = known === undefined ? `from ${asked}` : known;
    await printSettings(context, settings, `strategy ${settings.spec.strategy}: ${summary}`);
  });
};

function isFile(text: string): boolean {
  return /\.(mjs|js)$/.test(text) || text.includes("/");
}

function named(spec: ClusterSettings["spec"], name: string): ClusterSettings["spec"] {
  return spec.strategy === name ? spec : { ...spec, strategy: name };
}

/** The summary of a strategy that there is. */
async function requireStrategy(objects: Objects, name: string): Promise<string> {
  const all = await builtInStrategies();
  const found = all.find((strategy) => strategy.name === name);
  if (found !== undefined) return found.summary;
  const own = (await readSettings(objects)).spec.customStrategy?.name;
  if (own === name) return "your own";
  const names = [...all.map((strategy) => strategy.name), ...(own === undefined ? [] : [own])];
  const close = didYouMean(name, names);
  throw new UsageError(
    `There is no strategy "${name}"`,
    close === undefined ? `There are ${names.join(", ")}` : `Did you mean "${close}"?`,
    ["kubesim strategy list"],
  );
}
