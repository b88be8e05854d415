import { readFileSync } from "node:fs";
import { afterEach } from "vitest";
import { findServer } from "../../src/client/find-server.ts";
import { RemoteObjects } from "../../src/client/remote-objects.ts";
import type { ServerRecord } from "../../src/client/server-record.ts";
import { type StateDirectory, stateDirectory } from "../../src/client/state-directory.ts";
import { RealClock } from "../../src/clock/real.ts";
import { Home } from "../cli/program.ts";

const CLUSTERS = ["default", "one", "two"];

/** A fresh home per test; whatever was started in it is stopped at the end. */
export function homes(): () => Home {
  let made: Home[] = [];
  afterEach(async () => {
    for (const home of made) await home.remove(CLUSTERS);
    made = [];
  });
  return () => {
    const home = new Home();
    made.push(home);
    return home;
  };
}

/** Where a cluster of the home keeps its state. */
export function stateOf(home: Home, cluster = "default"): StateDirectory {
  return stateDirectory(cluster, home.env);
}

/** What the cluster's last server wrote down. */
export function recordOf(home: Home, cluster = "default"): ServerRecord {
  return JSON.parse(readFileSync(stateOf(home, cluster).record, "utf8")) as ServerRecord;
}

/** A connection to the running server of the home's cluster. */
export async function objectsOf(home: Home): Promise<{ objects: RemoteObjects; close(): Promise<void> }> {
  const found = await findServer(stateOf(home), new RealClock());
  if (found === undefined) throw new Error("no server is running");
  return { objects: new RemoteObjects(found.transport), close: () => found.transport.close() };
}

/** `server status -o json`. */
export async function statusOf(
  home: Home,
  cluster = "default",
): Promise<{ running: boolean; pid: number | null }> {
  const { stdout } = await home.succeed(["server", "status", "-o", "json", "--cluster", cluster]);
  return JSON.parse(stdout) as { running: boolean; pid: number | null };
}
