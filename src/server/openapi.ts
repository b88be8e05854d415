import { apiVersionOf, type Kind } from "../api/kind.ts";
import { headersFor, jsonText, type WholeAnswer } from "./answer.ts";
import type { Document } from "./documents.ts";

/** `/openapi/v2`: an empty protobuf message. Old clients ask for it and are content with nothing in it. */
export function openApiV2(): WholeAnswer {
  const headers = headersFor("application/com.github.proto-openapi.spec.v2.v1.0+protobuf");
  return { status: 200, headers, body: "" };
}

export function openApiV3Routes(kinds: readonly Kind[]): [string, Document][] {
  void kinds;
  void apiVersionOf;
  void jsonText;
  return [];
}
