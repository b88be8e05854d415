import { ServerUnreachable } from "./errors.ts";
import type { Transport } from "./transport.ts";

const PROBE_TIMEOUT_MS = 5_000;

/** What `/version` says. */
export interface ServerVersion {
  /** Kubernetes' version, such as `v1.33.0+kubesim-0.1.0`. */
  readonly gitVersion: string;
}

/** Asks for `/version`, once. Fails with ServerUnreachable when no Kubernetes API server answers. */
export async function probe(transport: Transport): Promise<ServerVersion> {
  const answer = await transport.request("GET", "/version", { timeoutMs: PROBE_TIMEOUT_MS, retries: 0 });
  const version = answer.body as Partial<ServerVersion> | undefined;
  if (answer.status === 200 && typeof version?.gitVersion === "string") {
    return { gitVersion: version.gitVersion };
  }
  throw new ServerUnreachable(
    `The server at ${transport.url} is not a Kubernetes API: it does not tell its version (status ${answer.status})`,
    "Another program may be listening there. Check the address",
  );
}
