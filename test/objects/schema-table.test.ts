import { existsSync, readFileSync } from "node:fs";
import { delimiter } from "node:path";
import { expect, test } from "vitest";
import { readDeclarations } from "../../scripts/declarations.ts";
import { Declarations } from "../../scripts/declared-types.ts";
import { type Messages, readMessages } from "../../scripts/descriptors.ts";
import { ProtobufFields } from "../../scripts/protobuf-fields.ts";
import { makeProtobufTable } from "../../scripts/protobuf-table.ts";
import { makeSchemaTable } from "../../scripts/schema-table.ts";
import { requirement } from "../requirements.ts";

const root = new URL("../../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), "utf8");

const declarations = new Declarations((path) => {
  const file = `node_modules/kubernetes-types/${path}.d.ts`;
  return existsSync(new URL(file, root)) ? read(file) : undefined;
});

test("the schema table in the tree is what the generator makes", () => {
  const protobuf = new ProtobufFields(read("src/api/schema/protobuf.generated.json"));
  const made = makeSchemaTable(declarations, protobuf);
  expect(made.types).toBe(read("src/api/schema/kubernetes.generated.json"));
  expect(made.documentation).toBe(read("src/api/schema/kubernetes-docs.generated.json"));
});

/** The descriptors of the kubectl version that the table is made from, if one is here. */
let messages: Messages | undefined;
const source = requirement("a kubectl 1.34 to make the protobuf table from", () => {
  const { KUBESIM_TEST_KUBECTL = "", KUBESIM_TEST_WALKING_KUBECTL = "" } = process.env;
  const paths = `${KUBESIM_TEST_KUBECTL}${delimiter}${KUBESIM_TEST_WALKING_KUBECTL}`.split(delimiter);
  for (const path of paths.filter((each) => each !== "" && existsSync(each))) {
    const program = readFileSync(path);
    if (program.includes("k8s.io/kubernetes\tv1.34.")) messages = readMessages(program);
  }
  if (messages !== undefined) return undefined;
  return "KUBESIM_TEST_WALKING_KUBECTL names none (node scripts/fetch-kubectl.mjs 1.34 DIRECTORY gets it)";
});

test.skipIf(!source.available)("the protobuf table in the tree is what the generator makes", () => {
  const made = makeProtobufTable(messages as Messages, declarations);
  expect(made).toBe(read("src/api/schema/protobuf.generated.json"));
});

test("a program without descriptors is refused", () => {
  const noise = Buffer.concat([Buffer.from([0x1f, 0x8b, 0x08]), Buffer.alloc(1000, 7)]);
  expect(() => readMessages(noise)).toThrow(/carries no descriptors/);
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
