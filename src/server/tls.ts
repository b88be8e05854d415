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

/**
 * Makes a certificate authority of its own and a certificate for localhost and the loopback addresses (EC P-256). The
 * authority's key is thrown away: nothing else can ever be signed with it. `now` is in ms since the epoch.
 */
export async function createTlsFiles(now: number): Promise<TlsFiles> {
  // Bundled, a CommonJS package has only its default export.
  const { generate } = (await import("selfsigned")).default;
  // A day of slack for clocks that are behind.
  const notBeforeDate = new Date(now - DAY_MS);
  const notAfterDate = new Date(now + VALID_DAYS * DAY_MS);
  const common = { keyType: "ec", curve: "P-256", algorithm: "sha256", notBeforeDate, notAfterDate } as const;
  const authority = await generate([{ name: "commonName", value: "kubesim-ca" }], {
    ...common,
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const server = await generate([{ name: "commonName", value: "kubesim" }], {
    ...common,
    ca: { key: authority.private, cert: authority.cert },
    extensions: [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: "localhost" },
          { type: 7, ip: "127.0.0.1" },
          { type: 7, ip: "::1" },
        ],
      },
    ],
  });
  return {
    caCert: authority.cert,
    cert: server.cert,
    key: server.private,
    notAfter: notAfterDate.toISOString(),
  };
}
