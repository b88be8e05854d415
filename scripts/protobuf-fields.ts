/** Reads the table of protobuf messages as a source of JSON types. */

type Row = readonly [name: string, fields: Readonly<Record<string, string>>];

/** The types of fields by the names of schemas, in the notation of the schema table, with names behind `@`. */
export class ProtobufFields {
  readonly #rows: readonly Row[];
  readonly #rowOf: ReadonlyMap<string, Row>;

  /** @param table text of protobuf.generated.json */
  constructor(table: string) {
    this.#rows = (JSON.parse(table) as { messages: readonly Row[] }).messages;
    this.#rowOf = new Map(this.#rows.map((row) => [row[0], row]));
  }

  /** Fields as JSON has them, those of embedded messages among them. Undefined when there is no such message. */
  of(schemaName: string): ReadonlyMap<string, string> | undefined {
    const row = this.#rowOf.get(schemaName);
    return row && new Map(this.#flattened(row));
  }

  *#flattened([, fields]: Row): Generator<readonly [string, string]> {
    for (const [field, encoded] of Object.entries(fields)) {
      const kind = encoded.replace(/^\d+|!$/g, "");
      if (kind.startsWith("^")) yield* this.#flattened(this.#rows[Number(kind.slice(1))] as Row);
      else yield [field, this.#notation(kind)];
    }
  }

  #notation(kind: string): string {
    return kind
      .replace("w", "[s")
      .replace(/@(\d+)/, (_, index: string) => `@${this.#rows[Number(index)]?.[0]}`);
  }
}
