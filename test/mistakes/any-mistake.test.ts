import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KINDS } from "../../src/api/registry.ts";
import { createInMemoryServer, type InMemoryServer, type Json } from "../in-memory-server.ts";
import { subjectOf } from "./sound.ts";

/** Per kind; more by KUBESIM_FUZZ_RUNS, other ones by KUBESIM_FUZZ_SEED. */
const RUNS = Math.ceil(Number(process.env.KUBESIM_FUZZ_RUNS ?? 2_000) / 40);
const SEED = Number(process.env.KUBESIM_FUZZ_SEED ?? 1);

/** What stands in the place of what is right: of a wrong type, out of bounds, not a name, too much. */
const wrong: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(null, "", 0, -1, 1.5, 70_000, 2 ** 31, 1e308, true, [], {}, [null], [{}], {
    a: null,
  }),
  fc.constantFrom<Json>(
    "Web",
    "a b",
    "a/b/c",
    "x".repeat(300),
    "-1",
    "1 CPU",
    "512MB",
    "100%",
    "150%",
    "*",
    "::",
  ),
  fc.constantFrom<Json>(
    "None",
    "Always",
    "__proto__",
    "constructor",
    "2025-01-01T00:00:00Z",
    "metadata.name",
  ),
  fc.jsonValue({ maxDepth: 3 }),
);

type Change =
  | { readonly what: "set"; readonly at: number; readonly value: Json }
  | { readonly what: "remove"; readonly at: number }
  | { readonly what: "add"; readonly at: number; readonly name: string; readonly value: Json }
  | { readonly what: "repeat"; readonly at: number };

const place = fc.nat(10_000);
const name = fc.constantFrom("name", "value", "spec", "type", "key", "selector", "matchLabels", "unheardOf");
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ what: fc.constant("set" as const), at: place, value: wrong }),
  fc.record({ what: fc.constant("remove" as const), at: place }),
  fc.record({ what: fc.constant("add" as const), at: place, name, value: wrong }),
  fc.record({ what: fc.constant("repeat" as const), at: place }),
);

type Path = readonly (string | number)[];

/** The paths of all values in it, at every depth. */
function pathsIn(value: Json, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [path, ...entries.flatMap(([key, inner]) => pathsIn(inner, [...path, key]))];
}

function changed(object: Json, what: Change): Json {
  const copy = JSON.parse(JSON.stringify(object));
  const paths = pathsIn(copy).filter((path) => path.length > 0);
  const path = paths[what.at % paths.length] as Path;
  const last = path.at(-1) as string | number;
  let parent: Json = copy;
  for (const key of path.slice(0, -1)) parent = parent[key];
  if (what.what === "set") parent[last] = what.value;
  else if (what.what === "add") {
    const target = typeof parent[last] === "object" && parent[last] !== null ? parent[last] : parent;
    if (Array.isArray(target)) target.push(what.value);
    else target[what.name] = what.value;
  } else if (what.what === "repeat" && Array.isArray(parent))
    parent.push(structuredClone(parent[Number(last)]));
  else if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete parent[last];
  return copy;
}

/** Every way in which an object can be written. */
const WAYS = [
  ["POST", "application/json"],
  ["PUT", "application/json"],
  ["PATCH", "application/merge-patch+json"],
  ["PATCH", "application/strategic-merge-patch+json"],
  ["PATCH", "application/json-patch+json"],
  ["PATCH", "application/apply-patch+yaml"],
] as const;
interface Way {
  readonly way: (typeof WAYS)[number];
  readonly part: string;
  readonly validation: string;
}
const way: fc.Arbitrary<Way> = fc.record({
  way: fc.constantFrom(...WAYS),
  part: fc.constantFrom("", "", "", "/status", "/scale", "/finalize", "/ephemeralcontainers"),
  validation: fc.constantFrom("Strict", "Warn", "Ignore"),
});

/** A JSON patch that sets what is different, at the top. */
function asOperations(object: Json): Json {
  return Object.entries(object).map(([key, value]) => ({ op: "add", path: `/${key}`, value }));
}

async function write(server: InMemoryServer, path: string, body: Json, how: Way): Promise<void> {
  const { way: given, part, validation } = how;
  const [method, type] = given;
  const query = new URLSearchParams({ fieldValidation: validation });
  if (type.includes("apply")) query.set("fieldManager", "me");
  const url = method === "POST" ? path.slice(0, path.lastIndexOf("/")) : path + part;
  const sent = type.includes("json-patch") ? asOperations(body) : body;
  const { status, body: answer } = await server.send(method, `${url}?${query}`, sent, {
    "content-type": type,
  });
  expect(server.failures.map((failure) => (failure as Error).stack)).toEqual([]);
  expect(status, answer.message).toBeLessThan(500);
  if (status < 400) return;
  expect(answer).toMatchObject({ kind: "Status", status: "Failure", code: status });
  expect(answer.message).not.toMatch(/undefined|NaN|\[object/);
}

describe.each(
  KINDS.flatMap((kind) => subjectOf(kind) ?? []).map((subject) => [subject.called, subject] as const),
)("%s", (_, { collection, sound }) => {
  it("may be written with any mistake, and none is the server's", async () => {
    const server = await createInMemoryServer();
    const path = `${collection}/${sound.metadata.name}`;
    const changes = fc.array(change, { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(changes, way, fc.boolean(), async (mistakes, how, isStored) => {
        await server.send("POST", collection, sound);
        const base = isStored ? await server.get(path) : sound;
        await write(server, path, mistakes.reduce<Json>(changed, base), how);
        expect(Object.keys(Object.prototype)).toEqual([]);
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });
});
