// Fetches other versions of Node from the npm registry, for tests that compare what they do.
//   node scripts/fetch-node.mjs 24 DIRECTORY
// leaves DIRECTORY/node-24 and so on, and prints their paths joined as KUBESIM_TEST_OTHER_NODE wants them. What is already
// there is not fetched again.
import { mkdirSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { fetchProgram } from "./npm-package.mjs";

const VERSIONS = { 22: "22.23.5", 24: "24.22.3", 26: "26.12.1" };

const majors = process.argv.slice(2, -1);
const directory = resolve(process.argv.at(-1) ?? "");
if (majors.length === 0 || majors.some((major) => VERSIONS[major] === undefined)) {
  const known = Object.keys(VERSIONS).join(", ");
  process.stderr.write(`usage: node scripts/fetch-node.mjs 24 [26 ...] DIRECTORY (there are ${known})\n`);
  process.exit(2);
}
mkdirSync(directory, { recursive: true });
const paths = majors.map((major) => {
  const name = `node-${process.platform}-${process.arch}@${VERSIONS[major]}`;
  return fetchProgram(name, join(directory, `node-${major}`), (file) => file("bin/node"));
});
process.stdout.write(`${paths.join(delimiter)}\n`);
