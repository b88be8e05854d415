import { readdir, readFile } from "node:fs/promises";
import { LocalError } from "./errors.ts";
import { readIfThere } from "./private-files.ts";
import { readRecord } from "./server-record.ts";
import { clustersRoot, type Environment, stateDirectory } from "./state-directory.ts";
import type { Endpoint } from "./transport.ts";

/** Which server is meant, when it is not the local cluster's own. */
export interface ServerChoice {
  /** URL; its token and authority come from KUBESIM_TOKEN_FILE and KUBESIM_CA_FILE, or from the local cluster there. */
  readonly server?: string | undefined;
  /** Name of a context in the files of KUBECONFIG, or in ~/.kube/config. */
  readonly context?: string | undefined;
}

/** The endpoint of an explicit choice; undefined when none was made. Fails with LocalError when it makes no sense. */
export async function chosenEndpoint(
  { server, context }: ServerChoice,
  environment: Environment,
): Promise<Endpoint | undefined> {
  if (server !== undefined && context !== undefined) {
    throw new LocalError(
      "--server and --context both say which server is meant",
      "Give one of them (KUBESIM_SERVER and KUBESIM_CONTEXT count as well)",
      { exitCode: 2 },
    );
  }
  if (context !== undefined) {
    // Contexts are rare; parsing YAML costs 30 ms at every start.
    const { endpointOfContext } = await import("./kubeconfig.ts");
    return endpointOfContext(context, environment);
  }
  return server === undefined ? undefined : endpointAt(server, environment);
}

async function endpointAt(server: string, environment: Environment): Promise<Endpoint> {
  const url = checkedUrl(server);
  const { KUBESIM_TOKEN_FILE: tokenFile, KUBESIM_CA_FILE: authorityFile } = environment;
  if (tokenFile === undefined && authorityFile === undefined) {
    const own = await localEndpointAt(url, environment);
    if (own !== undefined) return own;
  }
  const [token, certificateAuthority] = await Promise.all([
    tokenFile === undefined ? undefined : readGiven("KUBESIM_TOKEN_FILE", tokenFile),
    authorityFile === undefined ? undefined : readGiven("KUBESIM_CA_FILE", authorityFile),
  ]);
  return {
    url,
    ...(token !== undefined && { token: token.trim() }),
    ...(certificateAuthority !== undefined && { certificateAuthority }),
  };
}

/** A cluster of this machine that listens (or listened last) at the URL: its token and authority are at hand. */
async function localEndpointAt(url: string, environment: Environment): Promise<Endpoint | undefined> {
  const names = await readdir(clustersRoot(environment)).catch(() => []);
  for (const name of names) {
    const directory = stateDirectory(name, environment);
    if ((await readRecord(directory))?.url !== url.replace("//localhost:", "//127.0.0.1:")) continue;
    const token = await readIfThere(directory.token);
    const certificateAuthority = await readIfThere(directory.authority);
    if (token !== undefined && certificateAuthority !== undefined) {
      return { url, token: token.trim(), certificateAuthority };
    }
  }
  return undefined;
}

function checkedUrl(server: string): string {
  const url = URL.canParse(server) ? new URL(server) : undefined;
  const isWeb = url?.protocol === "https:" || url?.protocol === "http:";
  if (url === undefined || !isWeb || url.username !== "" || url.password !== "" || url.search !== "") {
    throw new LocalError(
      `--server "${server}" is no address of a server`,
      "It looks like this: https://127.0.0.1:6443",
      { exitCode: 2 },
    );
  }
  return url.href.replace(/\/+$/, "");
}

async function readGiven(variable: string, path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new LocalError(`Couldn't read the file that ${variable} names (${path})`, "Check the path", {
      exitCode: 2,
      cause,
    });
  }
}
