import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "./source.ts";

const rooms = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" });
const pages = [
  "README.md",
  ...readdirSync(join(ROOT, "docs")).map((name) => `docs/${name}`),
  ...rooms.filter((path) => path.endsWith("README.md")).map((path) => `src/${path}`),
].filter((path) => path.endsWith(".md"));

/** Names that a reader is to put their own in place of. */
const EXAMPLE = /\/my-|\/noun-verb/;

describe("docs", () => {
  it.each(pages)("%s names files that are there", (page) => {
    const text = readFileSync(join(ROOT, page), "utf8");
    const named = [...text.matchAll(/`((?:src|test|bench|scripts|docs|fixtures)\/[\w./-]*)`/g)];
    const linked = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)];
    const paths = [
      ...named.map(([, path]) => path as string),
      ...linked.map(([, path]) => join(dirname(page), path as string)),
    ];
    expect(paths.filter((path) => !EXAMPLE.test(path) && !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it("the README of the controllers has a row for each of them", () => {
    const room = join(ROOT, "src/controllers");
    const folders = readdirSync(room, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && existsSync(join(room, entry.name, "controller.ts")))
      .map(({ name }) => name);
    const rows = [...readFileSync(join(room, "README.md"), "utf8").matchAll(/^\| ([a-z][a-z-]*) +\| /gm)];
    const told = rows.map(([, name]) => name as string).filter((name) => name !== "folder");
    expect(told.toSorted()).toEqual(folders.toSorted());
  });
});
