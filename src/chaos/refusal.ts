/** Why chaos does not begin at all; nothing was touched. */
export type RefusalReason = "busy" | "foreign-server" | "remote-server" | "no-nodes";

/** Thrown before a run begins. `hint` says what to do about it. */
export class ChaosRefused extends Error {
  readonly reason: RefusalReason;
  readonly hint: string;

  constructor(reason: RefusalReason, message: string, hint: string) {
    super(message);
    this.name = "ChaosRefused";
    this.reason = reason;
    this.hint = hint;
  }
}

/**
 * Chaos is for simulated clusters: throws ChaosRefused unless the server's /version says that it is kubesim and it
 * listens on this machine. A foreign server is refused whatever `allowRemote` says.
 */
export function assertKubesim(
  version: { readonly gitVersion?: string | undefined },
  server: { readonly loopback: boolean; readonly allowRemote: boolean },
): void {
  const gitVersion = version.gitVersion ?? "unknown";
  if (!/(^|[+-])kubesim\b/.test(gitVersion)) {
    throw new ChaosRefused(
      "foreign-server",
      `The server is not kubesim (it says version "${gitVersion.slice(0, 80)}")`,
      "chaos only ever hurts simulated clusters; use another server with --server or start one: kubesim server start",
    );
  }
  if (server.loopback || server.allowRemote) return;
  throw new ChaosRefused(
    "remote-server",
    "The server is not on this machine, and others may be using it",
    "if it is yours to break, add --allow-remote",
  );
}
