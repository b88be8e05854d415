import { CommandError, ExitCode } from "../errors.ts";

/** Something is wrong in a file: says where, as compilers do. */
export class FileFault extends CommandError {
  constructor(
    file: string,
    line: number | undefined,
    column: number | undefined,
    problem: string,
    hint?: string,
  ) {
    const place = [file, line, column].filter((part) => part !== undefined).join(":");
    super(`${place}: ${problem}`, {
      exitCode: ExitCode.usage,
      reason: "InvalidFile",
      hint: hint ?? "Nothing was created. Mend the file and run the command again",
    });
    this.name = "FileFault";
  }
}
