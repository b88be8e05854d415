import { LocalError } from "./errors.ts";
import type { OwnCluster } from "./own-kubeconfig.ts";
import { readIfThere } from "./private-files.ts";
import { readRecord } from "./server-record.ts";
import type { StateDirectory } from "./state-directory.ts";

/** Address and credentials of a cluster of this machine. Fails with LocalError when it was never started. */
export async function readOwnCluster(directory: StateDirectory): Promise<OwnCluster> {
  const [record, token, certificateAuthority] = await Promise.all([
    readRecord(directory),
    readIfThere(directory.token),
    readIfThere(directory.authority),
  ]);
  if (record === undefined || token === undefined || certificateAuthority === undefined) {
    throw new LocalError(
      `Cluster "${directory.cluster}" has never been started`,
      `Start it with: kubesim server start --cluster ${directory.cluster}`,
    );
  }
  return { cluster: directory.cluster, url: record.url, certificateAuthority, token: token.trim() };
}
