import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readDeclarations } from "../../scripts/declarations.ts";
import { makeSchemaTable } from "../../scripts/schema-table.ts";

const root = new URL("../../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), "utf8");

test("the schema table in the tree is what the generator makes", () => {
  const made = makeSchemaTable((path) => read(`node_modules/kubernetes-types/${path}.d.ts`));
  expect(made.types).toBe(read("src/api/schema/kubernetes.generated.json"));
  expect(made.documentation).toBe(read("src/api/schema/kubernetes-docs.generated.json"));
});

test("declarations are read whatever their comments say", () => {
  const { interfaces, imports, aliases } = readDeclarations(`
import { Time } from "../meta/v1";
/** A thing with { braces } and "quotes. */
export interface Thing {
    /** See paths[*]/status; it's here */
    items: Array<Time>;
    readonly "$ref"?: "v1";
    /**
     * Two
     * lines
     */
    map?: {
        [name: string]: number | string;
    };
}
/** When. */
export type Time = string;
`);
  expect(imports.get("Time")).toBe("../meta/v1");
  expect(aliases.get("Time")).toBe("When.");
  expect(interfaces).toEqual([
    {
      name: "Thing",
      doc: 'A thing with { braces } and "quotes.',
      fields: [
        {
          name: "items",
          doc: "See paths[*]/status; it's here",
          required: true,
          type: { kind: "array", of: { kind: "name", name: "Time" } },
        },
        { name: "$ref", doc: "", required: false, type: { kind: "literal", text: "v1" } },
        {
          name: "map",
          doc: "Two\nlines",
          required: false,
          type: {
            kind: "map",
            of: {
              kind: "union",
              of: [
                { kind: "name", name: "number" },
                { kind: "name", name: "string" },
              ],
            },
          },
        },
      ],
    },
  ]);
});

test("a declaration of another form is not guessed at", () => {
  expect(() => readDeclarations("export interface A { b(): void; }")).toThrow(/expected :/);
});
