import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { parseDocument } from "yaml";
import { codeOf, LocalError } from "./errors.ts";
import type { Environment } from "./state-directory.ts";
import type { Endpoint } from "./transport.ts";

/** The parts of a kubeconfig that say how to reach a server. */
export interface Kubeconfig {
  readonly clusters?: readonly Named<"cluster", ClusterEntry>[] | null;
  readonly users?: readonly Named<"user", UserEntry>[] | null;
  readonly contexts?:
    | readonly Named<"context", { readonly cluster?: string; readonly user?: string }>[]
    | null;
}

type Named<Key extends string, Value> = { readonly name?: string } & { readonly [key in Key]?: Value };

interface ClusterEntry {
  readonly server?: string;
  readonly "certificate-authority"?: string;
  readonly "certificate-authority-data"?: string;
  readonly "insecure-skip-tls-verify"?: boolean;
}

interface UserEntry {
  readonly token?: string;
  readonly tokenFile?: string;
  readonly "client-certificate"?: string;
  readonly "client-certificate-data"?: string;
  readonly "client-key"?: string;
  readonly "client-key-data"?: string;
  readonly exec?: unknown;
  readonly "auth-provider"?: unknown;
}

/** The files that kubectl reads: those of KUBECONFIG, else ~/.kube/config. */
export function kubeconfigPaths(environment: Environment): readonly string[] {
  const given = (environment.KUBECONFIG ?? "").split(delimiter).filter((path) => path !== "");
  return given.length > 0 ? given : [join(environment.HOME || homedir(), ".kube", "config")];
}

/** Reads a kubeconfig. Fails with LocalError that names file, line and column. */
export function parseKubeconfig(text: string, path: string): Kubeconfig {
  const document = parseDocument(text, { prettyErrors: true });
  const [error] = document.errors;
  if (error !== undefined) {
    throw new LocalError(`Couldn't read ${path}: ${error.message.trimEnd()}`, "Correct the file", {
      cause: error,
    });
  }
  const value: unknown = document.toJS();
  if (value === null || value === undefined) return {};
  if (typeof value !== "object" || Array.isArray(value)) {
    throw new LocalError(`Couldn't read ${path}: it is no kubeconfig`, "Check the path in KUBECONFIG");
  }
  return value as Kubeconfig;
}

/** Server and credentials of a context, found as kubectl finds them: for each name the first file wins. */
export async function endpointOfContext(name: string, environment: Environment): Promise<Endpoint> {
  const files = await readAll(kubeconfigPaths(environment));
  const context = find(files, "contexts", name)?.entry.context;
  if (context === undefined) throw unknownContext(name, files);
  const cluster = find(files, "clusters", context.cluster);
  const server = cluster?.entry.cluster?.server;
  if (cluster === undefined || server === undefined) {
    throw new LocalError(
      `Context "${name}" names the cluster "${context.cluster ?? ""}", which has no server`,
      "See: kubectl config view",
    );
  }
  const user = find(files, "users", context.user);
  return {
    url: server,
    ...(await authorityOf(name, cluster.entry.cluster ?? {}, cluster.path)),
    ...(await credentialsOf(name, user?.entry.user ?? {}, user?.path ?? "")),
  };
}

interface KubeconfigFile {
  readonly path: string;
  readonly config: Kubeconfig;
}

async function readAll(paths: readonly string[]): Promise<readonly KubeconfigFile[]> {
  const files: KubeconfigFile[] = [];
  for (const path of paths) {
    try {
      files.push({ path, config: parseKubeconfig(await readFile(path, "utf8"), path) });
    } catch (error) {
      if (codeOf(error) === "ENOENT") continue;
      if (error instanceof LocalError) throw error;
      throw new LocalError(`Couldn't read ${path}`, "Check the path in KUBECONFIG", { cause: error });
    }
  }
  return files;
}

type ListKey = "clusters" | "users" | "contexts";
type Entry<Key extends ListKey> = NonNullable<Kubeconfig[Key]>[number];

function find<Key extends ListKey>(
  files: readonly KubeconfigFile[],
  key: Key,
  name: string | undefined,
): { readonly entry: Entry<Key>; readonly path: string } | undefined {
  for (const { config, path } of files) {
    const entries = (config[key] ?? []) as readonly Entry<Key>[];
    const entry = entries.find((candidate) => candidate.name === name);
    if (entry !== undefined) return { entry, path };
  }
  return undefined;
}

function unknownContext(name: string, files: readonly KubeconfigFile[]): LocalError {
  const names = files.flatMap(({ config }) => (config.contexts ?? []).map((context) => context.name ?? ""));
  const where = files.map(({ path }) => path).join(", ") || "any kubeconfig";
  const hint =
    names.length === 0
      ? "Write this cluster into one with: kubesim kubeconfig --merge"
      : `There is: ${names.join(", ")}`;
  return new LocalError(`There is no context "${name}" in ${where}`, hint, { exitCode: 2 });
}

async function authorityOf(name: string, cluster: ClusterEntry, path: string): Promise<Partial<Endpoint>> {
  if (cluster["insecure-skip-tls-verify"] === true) {
    throw new LocalError(
      `Context "${name}" skips the check of the server's certificate, and kubesim never does`,
      "Give the cluster a certificate-authority in the kubeconfig",
    );
  }
  const pem = await inlineOrFile(
    cluster["certificate-authority-data"],
    cluster["certificate-authority"],
    path,
  );
  return pem === undefined ? {} : { certificateAuthority: pem };
}

async function credentialsOf(name: string, user: UserEntry, path: string): Promise<Partial<Endpoint>> {
  const key = await inlineOrFile(user["client-key-data"], user["client-key"], path);
  const certificate = await inlineOrFile(user["client-certificate-data"], user["client-certificate"], path);
  const token = user.token ?? (await inlineOrFile(undefined, user.tokenFile, path))?.trim();
  const isUnsupported = user.exec !== undefined || user["auth-provider"] !== undefined;
  if (isUnsupported && token === undefined && certificate === undefined) {
    throw new LocalError(
      `Context "${name}" gets its credentials from another program, which kubesim does not run`,
      "Use a context with a token or a client certificate",
    );
  }
  return {
    ...(token !== undefined && { token }),
    ...(key !== undefined && certificate !== undefined && { clientCertificate: { certificate, key } }),
  };
}

/** Data is base64; a file's path is relative to its kubeconfig. */
async function inlineOrFile(
  data: string | undefined,
  file: string | undefined,
  kubeconfigPath: string,
): Promise<string | undefined> {
  if (data !== undefined && data !== "") return Buffer.from(data, "base64").toString();
  if (file === undefined || file === "") return undefined;
  const path = resolve(dirname(kubeconfigPath), file);
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new LocalError(`Couldn't read ${path}, which ${kubeconfigPath} names`, "Check the path", { cause });
  }
}
