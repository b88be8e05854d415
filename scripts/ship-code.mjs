import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { get } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What kubectl asks of a server that it has never seen. */
const FIRST_QUESTIONS = ["/api", "/apis", "/api/v1/namespaces?limit=500"];
const DISCOVERY = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";

/**
 * Lets the built program start a cluster, and puts what it has kept compiled into `dist/code`: with the Node of the
 * build the very first start on a machine is as quick as any other. Another Node takes no notice of it.
 */
export async function shipCompiledCode(dist) {
  const home = await mkdtemp(join(tmpdir(), "kubesim-build-"));
  const env = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(KUBESIM_|NODE_)/.test(name))),
    HOME: home,
    XDG_STATE_HOME: join(home, "state"),
    XDG_CACHE_HOME: join(home, "cache"),
  };
  const kubesim = (...words) => {
    const args = [join(dist, "kubesim.js"), ...words, "--cluster", "build"];
    execFileSync(process.execPath, args, { env, stdio: ["ignore", "ignore", "pipe"] });
  };
  try {
    try {
      kubesim("server", "start", "--store", "memory");
      await askAsKubectl(join(home, "state", "kubesim", "clusters", "build"));
      kubesim("nodes", "list");
    } finally {
      kubesim("server", "stop");
    }
    await copyFiles(join(home, "cache", "kubesim", "code"), join(dist, "code"));
  } catch (error) {
    process.stderr.write(`No compiled code is shipped, so first starts take longer: ${error.message}\n`);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/** Whoever may read the program may read the copies. */
async function copyFiles(from, to) {
  await mkdir(to);
  for (const name of await readdir(from)) await writeFile(join(to, name), await readFile(join(from, name)));
}

async function askAsKubectl(directory) {
  const [record, ca, token] = await Promise.all(
    ["server.json", "ca.crt", "token"].map((name) => readFile(join(directory, name), "utf8")),
  );
  const { url } = JSON.parse(record);
  const headers = { accept: DISCOVERY, authorization: `Bearer ${token.trim()}` };
  for (const path of FIRST_QUESTIONS) {
    await new Promise((resolve, reject) => {
      get(url + path, { ca, headers }, (answer) => answer.resume().once("end", resolve)).once(
        "error",
        reject,
      );
    });
  }
}
