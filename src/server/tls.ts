import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import {
  bitString,
  boolean,
  element,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  set,
  time,
  utf8String,
} from "./der.ts";

/** A certificate authority and the server certificate it signed, all as PEM. */
export interface TlsFiles {
  /** What clients trust. */
  readonly caCert: string;
  readonly cert: string;
  /** Never leaves the server's state directory. */
  readonly key: string;
  /** RFC 3339; a server makes new files before then. */
  readonly notAfter: string;
}

const VALID_DAYS = 3_650;
const DAY_MS = 86_400_000;
const SERIAL_BYTES = 16;

const ECDSA_WITH_SHA256 = sequence(objectIdentifier("1.2.840.10045.4.3.2"));
const COMMON_NAME = objectIdentifier("2.5.4.3");
const SERVER_AUTH = objectIdentifier("1.3.6.1.5.5.7.3.1");

const Extension = {
  subjectKeyIdentifier: "2.5.29.14",
  keyUsage: "2.5.29.15",
  subjectAltName: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  authorityKeyIdentifier: "2.5.29.35",
  extKeyUsage: "2.5.29.37",
} as const;

/** Tags of the alternatives of a GeneralName, and of the optional fields of a certificate. */
const DNS_NAME = 0x82;
const IP_ADDRESS = 0x87;
const KEY_IDENTIFIER = 0x80;
const VERSION = 0xa0;
const EXTENSIONS = 0xa3;
const LOOPBACK = [Buffer.from([127, 0, 0, 1]), Buffer.from([...new Array<number>(15).fill(0), 1])];

/**
 * Makes a certificate authority of its own and a certificate for localhost and the loopback addresses (EC P-256, RFC
 * 5280). The authority's key is thrown away: nothing else can ever be signed with it. `now` is in ms since the epoch.
 */
export async function createTlsFiles(now: number): Promise<TlsFiles> {
  const authority = newKeys();
  const server = newKeys();
  // A day of slack for clocks that are behind.
  const validity = { notBefore: now - DAY_MS, notAfter: now + VALID_DAYS * DAY_MS };
  const issuer = { issuer: "kubesim-ca", signer: authority.privateKey, ...validity };
  const authorityId = keyIdentifier(authority.publicKey);
  const caCert = certificate({
    ...issuer,
    subject: "kubesim-ca",
    publicKey: authority.publicKey,
    extensions: [
      extension("basicConstraints", sequence(boolean(true)), true),
      // keyCertSign and cRLSign, bits 5 and 6.
      extension("keyUsage", bitString(Buffer.from([0b0000_0110]), 1), true),
      extension("subjectKeyIdentifier", octetString(authorityId)),
    ],
  });
  const cert = certificate({
    ...issuer,
    subject: "kubesim",
    publicKey: server.publicKey,
    extensions: [
      extension("basicConstraints", sequence(), true),
      // digitalSignature, bit 0.
      extension("keyUsage", bitString(Buffer.from([0b1000_0000]), 7), true),
      extension("extKeyUsage", sequence(SERVER_AUTH)),
      extension("subjectAltName", loopbackNames()),
      extension("subjectKeyIdentifier", octetString(keyIdentifier(server.publicKey))),
      extension("authorityKeyIdentifier", sequence(element(KEY_IDENTIFIER, authorityId))),
    ],
  });
  const key = server.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  return { caCert, cert, key, notAfter: new Date(validity.notAfter).toISOString() };
}

function newKeys(): { readonly publicKey: KeyObject; readonly privateKey: KeyObject } {
  return generateKeyPairSync("ec", { namedCurve: "P-256" });
}

interface CertificateParts {
  readonly subject: string;
  readonly issuer: string;
  readonly publicKey: KeyObject;
  readonly signer: KeyObject;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly extensions: readonly Buffer[];
}

/** An X.509 certificate of version 3, as PEM. */
function certificate(parts: CertificateParts): string {
  const toBeSigned = sequence(
    element(VERSION, integer(Buffer.from([2]))),
    integer(serialNumber()),
    ECDSA_WITH_SHA256,
    name(parts.issuer),
    sequence(time(parts.notBefore), time(parts.notAfter)),
    name(parts.subject),
    parts.publicKey.export({ type: "spki", format: "der" }),
    element(EXTENSIONS, sequence(...parts.extensions)),
  );
  const signature = sign("sha256", toBeSigned, parts.signer);
  const bytes = sequence(toBeSigned, ECDSA_WITH_SHA256, bitString(signature));
  const lines = bytes.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}

/** Positive, and without leading zeros, which DER forbids. */
function serialNumber(): Buffer {
  const bytes = randomBytes(SERIAL_BYTES);
  bytes[0] = ((bytes[0] as number) & 0x7f) | 0x40;
  return bytes;
}

function name(commonName: string): Buffer {
  return sequence(set(sequence(COMMON_NAME, utf8String(commonName))));
}

function extension(id: keyof typeof Extension, value: Buffer, critical = false): Buffer {
  return sequence(objectIdentifier(Extension[id]), ...(critical ? [boolean(true)] : []), octetString(value));
}

function loopbackNames(): Buffer {
  const addresses = LOOPBACK.map((bytes) => element(IP_ADDRESS, bytes));
  return sequence(element(DNS_NAME, Buffer.from("localhost", "latin1")), ...addresses);
}

/** RFC 7093's way to name a key: the leftmost 160 bits of its SHA-256. */
function keyIdentifier(key: KeyObject): Buffer {
  return createHash("sha256")
    .update(key.export({ type: "spki", format: "der" }))
    .digest()
    .subarray(0, 20);
}
