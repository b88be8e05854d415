/** Something is wrong in a file: says where, as compilers do. The program ends with exit code 2. */
export class FileFault extends Error {
  readonly hint: string;
  readonly exitCode = 2;

  constructor(
    file: string,
    line: number | undefined,
    column: number | undefined,
    problem: string,
    hint = "Nothing was done. Mend the file and run the command again",
  ) {
    super(`${[file, line, column].filter((part) => part !== undefined).join(":")}: ${problem}`);
    this.name = "InvalidFile";
    this.hint = hint;
  }
}
