import { KINDS } from "../src/api/registry.ts";
import { fixedKinds } from "../src/api/served-kinds.ts";
import { VirtualClock } from "../src/clock/virtual.ts";
import { createRandom } from "../src/lib/random.ts";
import { createTokenKey, tokenSigner } from "../src/server/authentication/token-signer.ts";
import { fetchFrom } from "../src/server/fetch.ts";
import { createHandler, type Handler } from "../src/server/handler.ts";
import type { HandlerOptions } from "../src/server/parts.ts";
import { bootstrap } from "../src/store/bootstrap.ts";
import { MemoryStore } from "../src/store/memory.ts";
import { StoredObjects } from "../src/store/objects.ts";

/** A body as JSON, as tests look at it. */
// biome-ignore lint/suspicious/noExplicitAny: the shape of an answer is what the tests find out
export type Json = any;

/** A server in memory, over real objects on a virtual clock. */
export interface InMemoryServer {
  readonly objects: StoredObjects;
  readonly clock: VirtualClock;
  readonly handler: Handler;
  /** Defects that the handler reported. */
  readonly failures: unknown[];
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Sends JSON and returns status and body. */
  send(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: Json }>;
  get(path: string, accept?: string): Promise<Json>;
}

/** The token of every server in memory. */
export const TOKEN = "in-memory-token";

/** Makes one with the namespaces of a new cluster. */
export async function createInMemoryServer(options: Partial<HandlerOptions> = {}): Promise<InMemoryServer> {
  const clock = new VirtualClock();
  const random = createRandom("in memory");
  const tokens = tokenSigner(createTokenKey());
  const objects = new StoredObjects({ store: new MemoryStore(), clock, random, tokens });
  await bootstrap(objects);
  const failures: unknown[] = [];
  const handler = createHandler({
    objects,
    kinds: fixedKinds(KINDS),
    clock,
    random,
    version: "1.2.3",
    token: TOKEN,
    tokens,
    onError: (error) => failures.push(error),
    ...options,
  });
  const send = fetchFrom(handler);
  const fetch = (path: string, init: RequestInit = {}) => {
    const headers = { authorization: `Bearer ${TOKEN}`, ...(init.headers as Record<string, string>) };
    return send(new Request(`http://localhost${path}`, { ...init, headers }));
  };
  return {
    objects,
    clock,
    handler,
    failures,
    fetch,
    async send(method, path, body, headers = {}) {
      const text = typeof body === "string" ? body : JSON.stringify(body);
      const init = { method, headers: { "content-type": "application/json", ...headers } };
      const response = await fetch(path, body === undefined ? init : { ...init, body: text });
      return { status: response.status, body: await response.json() };
    },
    async get(path, accept = "application/json") {
      return (await fetch(path, { headers: { accept } })).json();
    },
  };
}

/** A pod as a client sends it. */
export function pod(name: string, labels: Record<string, string> = {}): Json {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, labels },
    spec: { containers: [{ name: "main", image: "pause" }] },
  };
}

/** Reads a watch line by line. */
export function eventsOf(response: Response): AsyncGenerator<Json> {
  return lines(response.body as ReadableStream<Uint8Array>);
}

async function* lines(stream: ReadableStream<Uint8Array>): AsyncGenerator<Json> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    rest += decoder.decode(chunk, { stream: true });
    const parts = rest.split("\n");
    rest = parts.pop() as string;
    for (const part of parts) yield JSON.parse(part);
  }
}

/** The next so many events of a watch. */
export async function take(events: AsyncGenerator<Json>, count: number): Promise<Json[]> {
  const taken: Json[] = [];
  while (taken.length < count) {
    const next = await events.next();
    if (next.done) throw new Error(`the watch ended after ${taken.length} of ${count} events`);
    taken.push(next.value);
  }
  return taken;
}
