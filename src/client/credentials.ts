import { createPrivateKey, randomBytes, X509Certificate } from "node:crypto";
import { readIfThere, writePrivateFile } from "./private-files.ts";
import type { StateDirectory } from "./state-directory.ts";

/** What a server needs to be trusted and to know who may come in. PEM texts. */
export interface Credentials {
  readonly certificateAuthority: string;
  readonly certificate: string;
  readonly key: string;
  readonly token: string;
  /** Signs the tokens of service accounts. */
  readonly tokenKey: string;
}

/** How credentials are made that are not there yet. */
export interface CredentialMakers {
  readonly certificates: CertificateMaker;
  /** A private key as PEM. */
  readonly tokenKey: () => string;
}

/** Makes an authority and a certificate that it signed; `now` is in ms since the epoch. */
export type CertificateMaker = (
  now: number,
) => Promise<{ readonly caCert: string; readonly cert: string; readonly key: string }>;

/** Certificates with less than this before them are replaced at the next start. */
const RENEW_BEFORE_MS = 30 * 86_400_000;
const TOKEN_BYTES = 32;

/**
 * The cluster's own certificates and token, made at the first start and kept. Only the process that holds the
 * cluster's lock may call this.
 */
export async function loadCredentials(
  directory: StateDirectory,
  now: number,
  makers: CredentialMakers,
): Promise<Credentials> {
  const [certificates, token, tokenKey] = await Promise.all([
    loadCertificates(directory, now, makers.certificates),
    loadToken(directory),
    loadTokenKey(directory, makers.tokenKey),
  ]);
  return { ...certificates, token, tokenKey };
}

async function loadCertificates(
  directory: StateDirectory,
  now: number,
  makeCertificates: CertificateMaker,
): Promise<Omit<Credentials, "token" | "tokenKey">> {
  const [certificateAuthority, certificate, key] = await Promise.all([
    readIfThere(directory.authority),
    readIfThere(directory.certificate),
    readIfThere(directory.key),
  ]);
  if (certificateAuthority !== undefined && certificate !== undefined && key !== undefined) {
    const isGood = [certificateAuthority, certificate].every((pem) => isValid(pem, now));
    if (isGood) return { certificateAuthority, certificate, key };
  }
  const made = await makeCertificates(now);
  // The certificate comes last: a set that was cut short by a crash is made again.
  await writePrivateFile(directory.authority, made.caCert);
  await writePrivateFile(directory.key, made.key);
  await writePrivateFile(directory.certificate, made.cert);
  return { certificateAuthority: made.caCert, certificate: made.cert, key: made.key };
}

function isValid(pem: string, now: number): boolean {
  try {
    return Date.parse(new X509Certificate(pem).validTo) - now > RENEW_BEFORE_MS;
  } catch {
    return false;
  }
}

/** 256 bits of the system's randomness: a secret, which a seed must never tell. */
async function loadToken(directory: StateDirectory): Promise<string> {
  const kept = (await readIfThere(directory.token))?.trim();
  if (kept !== undefined && kept.length >= TOKEN_BYTES) return kept;
  const token = randomBytes(TOKEN_BYTES).toString("base64url");
  await writePrivateFile(directory.token, `${token}\n`);
  return token;
}

/** Tokens hold as long as this key is kept; one that cannot be read is replaced. */
async function loadTokenKey({ tokenKey }: StateDirectory, make: () => string): Promise<string> {
  const kept = await readIfThere(tokenKey);
  if (kept !== undefined && isPrivateKey(kept)) return kept;
  const made = make();
  await writePrivateFile(tokenKey, made);
  return made;
}

function isPrivateKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === "ec";
  } catch {
    return false;
  }
}
