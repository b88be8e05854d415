import { TOKEN_ISSUER, type TokenSigner } from "../api/token-signer.ts";
import { jsonText, type WholeAnswer } from "./answer.ts";
import type { Document } from "./documents.ts";

const KEYS_PATH = "/openid/v1/jwks";

/**
 * By what others check tokens of service accounts: who issues them, and the public keys (OpenID Connect Discovery, as
 * kube-apiserver's ServiceAccountIssuerDiscovery serves it). None without a signer.
 */
export function issuerDocuments(tokens: TokenSigner | undefined): [string, Document][] {
  if (tokens === undefined) return [];
  const configuration = (host: string) => ({
    issuer: TOKEN_ISSUER,
    jwks_uri: `https://${host}${KEYS_PATH}`,
    response_types_supported: ["id_token"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: [...new Set(tokens.keys.map(({ alg }) => alg))],
  });
  return [
    [
      "/.well-known/openid-configuration",
      { answer: (request) => cached("application/json", configuration(request.header("host") ?? "")) },
    ],
    [KEYS_PATH, { answer: () => cached("application/jwk-set+json", { keys: tokens.keys }) }],
  ];
}

function cached(contentType: string, value: object): WholeAnswer {
  const headers = ["content-type", contentType, "cache-control", "public, max-age=3600"];
  return jsonText(200, JSON.stringify(value), headers);
}
