/**
 * Reads the interfaces of a generated declaration file (package kubernetes-types): their names, doc comments, fields,
 * optional marks and types. Understands just the regular format of those files and fails loudly on anything else.
 */
export interface Declaration {
  readonly name: string;
  readonly doc: string;
  readonly fields: readonly DeclaredField[];
}

export interface DeclaredField {
  readonly name: string;
  readonly doc: string;
  readonly required: boolean;
  readonly type: DeclaredType;
}

export type DeclaredType =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "array" | "map"; readonly of: DeclaredType }
  | { readonly kind: "union"; readonly of: readonly DeclaredType[] };

export interface DeclarationFile {
  /** Module path by imported name, e.g. `ObjectMeta` -> `../meta/v1`. */
  readonly imports: ReadonlyMap<string, string>;
  readonly interfaces: readonly Declaration[];
  /** Names such as `Time` that stand for another type, with their documentation. */
  readonly aliases: ReadonlyMap<string, string>;
}

export function readDeclarations(text: string): DeclarationFile {
  const reader = new Reader(tokenize(text));
  const imports = new Map<string, string>();
  const interfaces: Declaration[] = [];
  const aliases = new Map<string, string>();
  while (!reader.atEnd()) {
    const doc = reader.takeDoc();
    const word = reader.take();
    if (word === "import") readImport(reader, imports);
    else if (word === "export" && reader.peek() === "interface") interfaces.push(readInterface(reader, doc));
    else if (word === "export" && reader.peek() === "type") {
      reader.take();
      aliases.set(reader.take(), doc);
      reader.skipPast(";");
    } else throw new Error(`unexpected ${word}`);
  }
  return { imports, interfaces, aliases };
}

/** Comments are one token each, so that braces in their text confuse nobody; one ends where its line does. */
function tokenize(text: string): string[] {
  const pattern = /\/\*\*[\s\S]*?\*\/(?=\s*\n)|"(?:[^"\\]|\\.)*"|[A-Za-z_$][\w$]*|[{}[\]<>():;?,|=]|\s+|./g;
  return (text.match(pattern) ?? []).filter((token) => token.trim() !== "");
}

class Reader {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  atEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  peek(): string {
    return this.#tokens[this.#at] ?? "";
  }

  take(): string {
    const token = this.peek();
    this.#at++;
    return token;
  }

  expect(token: string): void {
    const found = this.take();
    if (found !== token) throw new Error(`expected ${token}, found ${found}`);
  }

  takeDoc(): string {
    let doc = "";
    while (this.peek().startsWith("/**")) doc = plainText(this.take());
    return doc;
  }

  skipPast(token: string): void {
    while (!this.atEnd() && this.take() !== token);
  }
}

function plainText(comment: string): string {
  return comment
    .slice(3, -2)
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/, "").trimEnd())
    .join("\n")
    .trim();
}

function readImport(reader: Reader, imports: Map<string, string>): void {
  reader.expect("{");
  const names: string[] = [];
  for (let token = reader.take(); token !== "}"; token = reader.take()) {
    if (token !== ",") names.push(token);
  }
  reader.expect("from");
  const module = JSON.parse(reader.take()) as string;
  reader.expect(";");
  for (const name of names) imports.set(name, module);
}

function readInterface(reader: Reader, doc: string): Declaration {
  reader.expect("interface");
  const name = reader.take();
  reader.expect("{");
  const fields: DeclaredField[] = [];
  for (;;) {
    const fieldDoc = reader.takeDoc();
    if (reader.peek() === "}") break;
    fields.push(readField(reader, fieldDoc));
  }
  reader.expect("}");
  return { name, doc, fields };
}

function readField(reader: Reader, doc: string): DeclaredField {
  let token = reader.take();
  if (token === "readonly" && !"?:".includes(reader.peek())) token = reader.take();
  const name = token.startsWith('"') ? (JSON.parse(token) as string) : token;
  const required = reader.peek() !== "?";
  if (!required) reader.take();
  reader.expect(":");
  const type = readType(reader);
  reader.expect(";");
  return { name, doc, required, type };
}

function readType(reader: Reader): DeclaredType {
  const choices = [readOneType(reader)];
  while (reader.peek() === "|") {
    reader.take();
    choices.push(readOneType(reader));
  }
  return choices.length === 1 ? (choices[0] as DeclaredType) : { kind: "union", of: choices };
}

function readOneType(reader: Reader): DeclaredType {
  const token = reader.take();
  if (token.startsWith('"')) return { kind: "literal", text: JSON.parse(token) as string };
  if (token === "Array") {
    reader.expect("<");
    const of = readType(reader);
    reader.expect(">");
    return { kind: "array", of };
  }
  if (token !== "{") return { kind: "name", name: token };
  for (const part of ["[", "name", ":", "string", "]", ":"]) reader.expect(part);
  const of = readType(reader);
  reader.expect(";");
  reader.expect("}");
  return { kind: "map", of };
}
