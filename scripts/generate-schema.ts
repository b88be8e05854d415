/** Writes the generated files of src/api/schema: `node --import tsx scripts/generate-schema.ts`. */
import { readFileSync, writeFileSync } from "node:fs";
import { makeSchemaTable } from "./schema-table.ts";

const root = new URL("..", import.meta.url);
const { types, documentation } = makeSchemaTable((path) =>
  readFileSync(new URL(`node_modules/kubernetes-types/${path}.d.ts`, root), "utf8"),
);
writeFileSync(new URL("src/api/schema/kubernetes.generated.json", root), types);
writeFileSync(new URL("src/api/schema/kubernetes-docs.generated.json", root), documentation);
