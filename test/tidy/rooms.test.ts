import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOMS } from "./rooms.ts";
import { importsOf, isTest, type SourceFile, sourcesBelow } from "./source.ts";

const sources = sourcesBelow("src").filter((file) => !isTest(file.path));

describe("room boundaries", () => {
  it("sees the whole tree", () => {
    expect(sources.length).toBeGreaterThan(40);
    const rooms = new Set(sources.map((file) => roomOf(file.path)).filter((room) => room !== undefined));
    expect([...rooms].sort()).toEqual(Object.keys(ROOMS).sort());
  });

  it("no file imports across them", () => {
    expect(sources.flatMap(crossings)).toEqual([]);
  });

  it("catches a file that does", () => {
    const text =
      'import { x } from "../server/handler.ts";\nimport { open } from "lmdb";\nawait import("node:http");';
    const file: SourceFile = { path: "src/scheduler/bad.ts", text, lines: text.split("\n") };
    expect(crossings(file)).toEqual([
      "src/scheduler/bad.ts:1 scheduler may import only lib, clock, api; not server",
      "src/scheduler/bad.ts:2 only store may use the package lmdb",
      "src/scheduler/bad.ts:3 scheduler knows only objects, time and chance; not node:http",
    ]);
  });
});

/** Rooms that know only objects, time and chance: nothing of Node's but what is listed. */
const CORE = new Set(["lib", "clock", "api", "scheduler", "controllers", "agents", "chaos"]);
const CORE_MAY_USE = new Set(["node:crypto", "node:util", "node:buffer", "node:assert"]);

function crossings(file: SourceFile): string[] {
  const room = roomOf(file.path);
  if (room === undefined) return [];
  return importsOf(file).flatMap(({ line, specifier }) => {
    const problem = specifier.startsWith(".")
      ? crossedRoom(file.path, room, specifier)
      : crossedPackage(room, specifier);
    return problem === undefined ? [] : [`${file.path}:${line} ${problem}`];
  });
}

function crossedRoom(path: string, room: string, specifier: string): string | undefined {
  const target = roomOf(normalize(join(dirname(path), specifier)));
  const allowed = ROOMS[room]?.rooms ?? [];
  if (target === undefined || target === room || allowed.includes(target)) return undefined;
  return `${room} may import only ${allowed.join(", ")}; not ${target}`;
}

function crossedPackage(room: string, specifier: string): string | undefined {
  if (specifier.startsWith("node:")) {
    if (!CORE.has(room) || CORE_MAY_USE.has(specifier)) return undefined;
    return `${room} knows only objects, time and chance; not ${specifier}`;
  }
  const name = specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
  const owners = Object.keys(ROOMS).filter((candidate) => ROOMS[candidate]?.packages.includes(name));
  if (owners.includes(room)) return undefined;
  return owners.length === 0
    ? `no room may use the package ${name}; list it in test/tidy/rooms.ts`
    : `only ${owners.join(", ")} may use the package ${name}`;
}

function roomOf(path: string): string | undefined {
  const parts = path.split("/");
  return parts[0] === "src" && parts.length > 2 ? parts[1] : undefined;
}
