import { createHash } from "node:crypto";
import { ApiError } from "../api/errors.ts";
import type { Kind } from "../api/kind.ts";
import { headersFor, JSON_HEADERS, NOT_MODIFIED, type WholeAnswer } from "./answer.ts";
import type { Document } from "./documents.ts";
import type { ApiRequest } from "./request.ts";

const PROTOBUF_TYPE = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";
/** As clients ask for it. */
const OLDER_NAME = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";

type Form = "json" | "protobuf";

const FORMS: Readonly<Record<string, Form>> = {
  "application/json": "json",
  "application/*": "json",
  "*/*": "json",
  [OLDER_NAME]: "protobuf",
  [PROTOBUF_TYPE]: "protobuf",
};

/** A form of the document, and the hash by which clients see that it is still the same. */
interface Rendered {
  readonly body: Buffer;
  readonly hash: string;
}

/** The forms of one state of the kinds, each made when it is first asked for. */
type Forms = Map<Form, Promise<Rendered>>;

/**
 * Makes `/openapi/v2`: one document of everything, a megabyte and more, which only older clients ask for. Nothing of it
 * is made or loaded before that; it is kept until the kinds change.
 * @param stateOf what the document depends on: the same text, the same document.
 */
export function createOpenApiV2(
  version: string,
  stateOf: (kinds: readonly Kind[]) => string,
): (kinds: readonly Kind[]) => Document {
  let made: { readonly state: string; readonly forms: Forms } | undefined;
  return (kinds) => ({
    async answer(request) {
      const form = formFor(request.header("accept"));
      const state = stateOf(kinds);
      if (made?.state !== state) made = { state, forms: new Map() };
      const rendered = made.forms.get(form) ?? render(form, kinds, version);
      made.forms.set(form, rendered);
      return answerOf(form, await rendered, request);
    },
  });
}

/** The first wish that can be met. Fails with NotAcceptable. */
function formFor(accept = "*/*"): Form {
  for (const wish of accept.split(",")) {
    const form = FORMS[(wish.split(";", 1)[0] as string).trim().toLowerCase()];
    if (form !== undefined) return form;
  }
  const message = `only the following media types are accepted: application/json, ${OLDER_NAME}`;
  throw new ApiError("NotAcceptable", message);
}

async function render(form: Form, kinds: readonly Kind[], version: string): Promise<Rendered> {
  const { swaggerDocument } = await import("../api/schema/openapi-v2.ts");
  const document = await swaggerDocument(kinds, version);
  const body = form === "json" ? Buffer.from(JSON.stringify(document)) : await encode(document);
  return { body, hash: createHash("sha256").update(body).digest("hex").toUpperCase() };
}

async function encode(document: object): Promise<Buffer> {
  const { encodeSwagger } = await import("../api/protobuf/swagger.ts");
  return encodeSwagger(document);
}

function answerOf(form: Form, { body, hash }: Rendered, request: ApiRequest): WholeAnswer {
  const type = form === "json" ? JSON_HEADERS : headersFor(PROTOBUF_TYPE);
  const headers = [...type, "etag", `"${hash}"`, "vary", "Accept"];
  const isKnown = request.header("if-none-match")?.includes(`"${hash}"`) === true;
  return isKnown ? { status: NOT_MODIFIED, headers, body: "" } : { status: 200, headers, body };
}
