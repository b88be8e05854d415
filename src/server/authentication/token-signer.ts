import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
  sign,
  verify,
} from "node:crypto";
import type { TokenClaims, TokenSigner } from "../../api/token-signer.ts";

/** A new private key for service accounts' tokens, as PEM: P-256. */
export function createTokenKey(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return privateKey.export({ type: "pkcs8", format: "pem" }) as string;
}

const ALGORITHM = "ES256";
const KEY_ID = "kubesim";

/** Signs with a key of `createTokenKey` (JWS ES256). Fails when the text is no such key. */
export function tokenSigner(keyPem: string): TokenSigner {
  const key = createPrivateKey(keyPem);
  const publicKey = createPublicKey(key);
  const header = encode({ alg: ALGORITHM, kid: KEY_ID });
  const { kty = "EC", ...parameters } = publicKey.export({ format: "jwk" });
  return {
    keys: [{ use: "sig", kty, kid: KEY_ID, alg: ALGORITHM, ...parameters }],
    sign(claims) {
      const text = `${header}.${encode({ jti: randomUUID(), ...claims })}`;
      const signature = sign("sha256", Buffer.from(text), { key, dsaEncoding: "ieee-p1363" });
      return `${text}.${signature.toString("base64url")}`;
    },
    read: (token) => readSigned(token, header, publicKey),
  };
}

/** Longer texts are no tokens of ours and are not worth the arithmetic. */
const LONGEST = 8_192;

function readSigned(token: string, header: string, key: KeyObject): TokenClaims | undefined {
  const end = token.lastIndexOf(".");
  if (token.length > LONGEST || !token.startsWith(`${header}.`) || end <= header.length) return undefined;
  const text = token.slice(0, end);
  const signature = Buffer.from(token.slice(end + 1), "base64url");
  // Another spelling of the same bytes would be another token with the same signature.
  if (signature.toString("base64url") !== token.slice(end + 1)) return undefined;
  if (!verify("sha256", Buffer.from(text), { key, dsaEncoding: "ieee-p1363" }, signature)) return undefined;
  return JSON.parse(Buffer.from(text.slice(header.length + 1), "base64url").toString("utf8"));
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
