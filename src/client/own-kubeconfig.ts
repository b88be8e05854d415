/** A cluster of this machine as a kubeconfig entry. */
export interface OwnCluster {
  /** kubesim's name of it. */
  readonly cluster: string;
  readonly url: string;
  /** PEM. */
  readonly certificateAuthority: string;
  readonly token: string;
}

/** The one name of cluster, user and context in a kubeconfig: `kubesim-NAME`. */
export function contextName(cluster: string): string {
  return `kubesim-${cluster}`;
}

/** The list items of a cluster, without indentation; every scalar is safe as it stands (base64, a URL, a DNS label). */
export function kubeconfigItems(
  own: OwnCluster,
): Readonly<Record<"clusters" | "users" | "contexts", string>> {
  const name = contextName(own.cluster);
  const authority = Buffer.from(own.certificateAuthority).toString("base64");
  return {
    clusters: lines(
      "- cluster:",
      `    certificate-authority-data: ${authority}`,
      `    server: ${own.url}`,
      `  name: ${name}`,
    ),
    users: lines(`- name: ${name}`, "  user:", `    token: ${own.token}`),
    contexts: lines("- context:", `    cluster: ${name}`, `    user: ${name}`, `  name: ${name}`),
  };
}

/** A whole kubeconfig with that one cluster. */
export function ownKubeconfig(own: OwnCluster): string {
  const { clusters, contexts, users } = kubeconfigItems(own);
  return lines(
    "apiVersion: v1",
    "kind: Config",
    "clusters:",
    `${clusters}contexts:`,
    `${contexts}users:`,
    `${users}current-context: ${contextName(own.cluster)}`,
  );
}

function lines(...texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join("");
}
