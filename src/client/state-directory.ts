import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { LocalError } from "./errors.ts";
import { makePrivateDirectory } from "./private-files.ts";

/** Environment variables as a process has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where one cluster of this machine keeps everything: paths only, nothing need exist. */
export interface StateDirectory {
  readonly cluster: string;
  readonly path: string;
  /** The authority that signed the server's certificate; its key is never kept. */
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
  readonly token: string;
  /** Signs the tokens of service accounts. */
  readonly tokenKey: string;
  readonly kubeconfig: string;
  /** The running or last server, see ServerRecord. */
  readonly record: string;
  readonly log: string;
  /** Held by the server as long as it runs. */
  readonly lock: string;
  /** The LMDB environment. */
  readonly data: string;
}

/** The cluster that commands mean when none is named. */
const DEFAULT_CLUSTER = "default";

/** What a command line needs to mean this cluster: ` --cluster NAME`, or nothing for the default one. */
export function clusterFlag(cluster: string): string {
  return cluster === DEFAULT_CLUSTER ? "" : ` --cluster ${cluster}`;
}

/**
 * `$XDG_STATE_HOME/kubesim/clusters/NAME`, by default below `~/.local/state`.
 * Fails with LocalError (usage) when the name is no DNS label.
 */
export function stateDirectory(cluster: string, environment: Environment): StateDirectory {
  if (!isClusterName(cluster)) {
    throw new LocalError(
      `"${cluster}" is no name for a cluster`,
      "Use up to 63 lower-case letters, digits and -, starting and ending with a letter or digit",
      { exitCode: 2 },
    );
  }
  const path = join(clustersRoot(environment), cluster);
  return {
    cluster,
    path,
    authority: join(path, "ca.crt"),
    certificate: join(path, "tls.crt"),
    key: join(path, "tls.key"),
    token: join(path, "token"),
    tokenKey: join(path, "sa.key"),
    kubeconfig: join(path, "kubeconfig"),
    record: join(path, "server.json"),
    log: join(path, "server.log"),
    lock: join(path, "lock"),
    data: join(path, "data"),
  };
}

/** Makes the directory, and those above it, for the owner alone. Fails with LocalError where that is impossible. */
export async function makeStateDirectory({ path }: StateDirectory): Promise<void> {
  await makePrivateDirectory(path);
}

/** The directory that holds one folder per cluster. A relative XDG_STATE_HOME is ignored, as its specification says. */
export function clustersRoot(environment: Environment): string {
  const given = environment.XDG_STATE_HOME;
  const home = environment.HOME || homedir();
  const state = given !== undefined && isAbsolute(given) ? given : join(home, ".local", "state");
  return join(state, "kubesim", "clusters");
}

function isClusterName(name: string): boolean {
  return /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name);
}
