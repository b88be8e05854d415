import type { ChaosReport } from "../../chaos/report/report.ts";
import { CommandError, Exit, ExitCode } from "../errors.ts";

/** Ends the command as the run ended: 0 held, 1 deviated or failed, 4 invariant, 5 aborted, 130 interrupted. */
export function exitOf({ verdict, run }: Pick<ChaosReport, "verdict" | "run">): void {
  switch (verdict) {
    case "held":
    case "dry-run":
      return;
    case "failed":
      throw new CommandError(`The run could not be finished: ${run.reason ?? `it is ${run.status}`}`, {
        reason: "ChaosFailed",
        hint: run.healed ? "All of its faults were healed" : "Heal what it left with: kubesim chaos heal",
      });
    case "invariant-violated":
      throw new Exit(ExitCode.invariant);
    case "aborted":
      throw new Exit(ExitCode.aborted);
    case "interrupted":
      throw new Exit(ExitCode.interrupted);
    default:
      throw new Exit(ExitCode.failed);
  }
}
