import { RawClient } from "./raw-client.ts";
import { startServer } from "./server.ts";
import { type Benchmark, grouped, median } from "./table.ts";
import { CARRIERS, Watchers } from "./watchers.ts";

const WATCHERS = [10, 100, 1_000, 10_000] as const;
/** Events times watchers, so that every row is about as much work. */
const DELIVERIES = 100_000;
const EVENTS_MAX = 2_000;
/** Single events, each waited for by every watcher before the next is made. */
const SINGLE_EVENTS = 5;
const CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";

/** One event to many watchers over HTTPS; this process is all of the clients. */
export const watchFanOut: Benchmark = {
  name: "watch-fan-out",
  summary:
    "events of ConfigMaps to watchers over HTTPS, each on a connection (HTTP/1.1) or stream (HTTP/2) of its own",
  async run(print) {
    print([
      "protocol",
      "watchers",
      "opened/s",
      "events/s",
      "server CPU per event",
      "one event, last delivery",
      "resident",
    ]);
    for (const protocol of Object.keys(CARRIERS)) {
      for (const count of WATCHERS) print(await measure(protocol, count));
    }
  },
};

async function measure(protocol: string, wanted: number): Promise<string[]> {
  const server = await startServer(["--store", "memory"]);
  const carrier = (CARRIERS[protocol] as (typeof CARRIERS)[string])(server.target);
  const watchers = new Watchers(carrier, CONFIG_MAPS);
  try {
    const startMs = performance.now();
    const count = await watchers.open(wanted);
    const openedPerSecond = (count * 1_000) / (performance.now() - startMs);
    const client = await RawClient.open(server.target, 1);
    const single = await singleEvents(client, watchers);
    const events = Math.min(EVENTS_MAX, Math.round(DELIVERIES / count));
    const cpuBeforeMs = server.cpuMs();
    const burstMs = await create(client, watchers, "burst", events);
    client.close();
    const cpuMicros = ((server.cpuMs() - cpuBeforeMs) * 1_000) / (events * count);
    return [
      protocol,
      count === wanted ? grouped(count) : `${grouped(count)} (${watchers.refusal} for more)`,
      grouped(openedPerSecond),
      grouped((events * count * 1_000) / burstMs),
      `${cpuMicros.toFixed(1)} µs`,
      `${Math.round(single)} ms`,
      `${Math.round(server.residentBytes() / 1e6)} MB`,
    ];
  } finally {
    watchers.close();
    await server.stop();
  }
}

/** @returns ms from the request to the last delivery, the median */
async function singleEvents(client: RawClient, watchers: Watchers): Promise<number> {
  const times: number[] = [];
  for (let at = 0; at < SINGLE_EVENTS; at++) times.push(await create(client, watchers, `single-${at}`, 1));
  return median(times);
}

/** Creates ConfigMaps and waits until every watcher was told of all of them. @returns ms */
async function create(client: RawClient, watchers: Watchers, prefix: string, count: number): Promise<number> {
  const bodies = Array.from({ length: count }, (_, at) =>
    JSON.stringify({ metadata: { name: `${prefix}-${at}` }, data: { key: "value" } }),
  );
  const startMs = performance.now();
  const told = watchers.untilTold(count);
  await client.postAll(CONFIG_MAPS, bodies, 16);
  await told;
  return performance.now() - startMs;
}
