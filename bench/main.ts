import { BENCHMARKS } from "./registry.ts";
import { printTable, rowPrinter } from "./table.ts";

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !BENCHMARKS.some((benchmark) => benchmark.name === name));
if (unknown.length > 0) {
  const names = BENCHMARKS.map((benchmark) => benchmark.name).join(", ");
  process.stderr.write(`error: no benchmark is called ${unknown.join(", ")}\n  hint: there are ${names}\n`);
  process.exit(2);
}
for (const benchmark of BENCHMARKS) {
  if (wanted.length > 0 && !wanted.includes(benchmark.name)) continue;
  process.stdout.write(`\n${benchmark.name}: ${benchmark.summary}\n`);
  const write = (text: string) => void process.stdout.write(text);
  if (benchmark.live) {
    await benchmark.run(rowPrinter(write));
    continue;
  }
  const rows: (readonly string[])[] = [];
  await benchmark.run((row) => rows.push(row));
  printTable(rows, write);
}
