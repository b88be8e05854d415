import { UsageError } from "../errors.ts";
import type { OutputFormat } from "./format.ts";

/** Refuses `-o name` where no objects are listed. Fails with UsageError. @param what is printed there, in words */
export function refuseNames(output: OutputFormat, what: string): void {
  if (output !== "name") return;
  throw new UsageError(
    `-o name is for objects. ${what} have no names`,
    "Leave it out, or use -o json or -o yaml",
  );
}
