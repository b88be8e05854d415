import { TIMING_PROFILES } from "../../api/timing-profiles.ts";
import { didYouMean } from "../../lib/did-you-mean.ts";
import type { CommandRun } from "../command.ts";
import { withCluster } from "../connection.ts";
import { UsageError } from "../errors.ts";
import { printSettings } from "../output/settings.ts";
import { changeSettings } from "./settings.ts";

export const run: CommandRun = async (context, input) => {
  const name = input.profile as string;
  const names = Object.keys(TIMING_PROFILES);
  if (!names.includes(name)) {
    const close = didYouMean(name, names);
    const hint = close === undefined ? `There are ${names.join(", ")}` : `Did you mean "${close}"?`;
    throw new UsageError(`There is no timing profile "${name}"`, hint);
  }
  await withCluster(context, async ({ objects }) => {
    const settings = await changeSettings(objects, (spec) =>
      spec.timingProfile === name ? spec : { ...spec, timingProfile: name },
    );
    await printSettings(context, settings, `timing ${name}: ${TIMING_PROFILES[name as "fast"].summary}`);
  });
};
