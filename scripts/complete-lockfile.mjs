// Adds to package-lock.json the optional packages of other platforms that npm left out because the registry it asked
// did not have them. Without them `npm ci` calls the lock file out of step; with them each platform installs its own.
import { readFileSync, writeFileSync } from "node:fs";

const PLATFORMS = ["android", "darwin", "freebsd", "linux", "openharmony", "win32"];
const PROCESSORS = ["arm64", "arm", "ia32", "ppc64", "riscv64", "s390x", "x64"];

const path = new URL("../package-lock.json", import.meta.url);
const lock = JSON.parse(readFileSync(path, "utf8"));
const added = [];
for (const [location, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (location === "" || isLocked(location, name)) continue;
    lock.packages[`node_modules/${name}`] = optionalEntry(name, version, entry);
    added.push(name);
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`${added.length} packages of other platforms added\n`);

function isLocked(location, name) {
  return `${location}/node_modules/${name}` in lock.packages || `node_modules/${name}` in lock.packages;
}

/** What the name of a platform's package says about where it belongs. */
function optionalEntry(name, version, parent) {
  const words = name.split(/[-/]/);
  const os = words.find((word) => PLATFORMS.includes(word));
  const cpu = words.find((word) => PROCESSORS.includes(word));
  const libc = words.some((word) => word.startsWith("musl")) ? ["musl"] : undefined;
  return {
    version,
    ...(cpu && { cpu: [cpu] }),
    ...(parent.dev && { dev: true }),
    ...(libc && { libc }),
    license: parent.license,
    optional: true,
    ...(os && { os: [os] }),
  };
}
