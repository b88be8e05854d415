/**
 * Writes the generated files of src/api/schema: `node --import tsx scripts/generate-schema.ts [KUBECTL]`.
 * With the path of a kubectl up to 1.34 (scripts/fetch-kubectl.mjs gets one) the protobuf table is made anew as well.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { Declarations } from "./declared-types.ts";
import { readMessages } from "./descriptors.ts";
import { ProtobufFields } from "./protobuf-fields.ts";
import { makeProtobufTable } from "./protobuf-table.ts";
import { makeSchemaTable } from "./schema-table.ts";

const root = new URL("..", import.meta.url);
const PROTOBUF_TABLE = new URL("src/api/schema/protobuf.generated.json", root);

const declarations = new Declarations((path) => {
  const file = new URL(`node_modules/kubernetes-types/${path}.d.ts`, root);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
});
const kubectl = process.argv[2];
if (kubectl !== undefined) {
  writeFileSync(PROTOBUF_TABLE, makeProtobufTable(readMessages(readFileSync(kubectl)), declarations));
}
const protobuf = new ProtobufFields(readFileSync(PROTOBUF_TABLE, "utf8"));
const { types, documentation } = makeSchemaTable(declarations, protobuf);
writeFileSync(new URL("src/api/schema/kubernetes.generated.json", root), types);
writeFileSync(new URL("src/api/schema/kubernetes-docs.generated.json", root), documentation);
