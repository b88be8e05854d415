import { createPrivateKey, X509Certificate } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createTlsFiles } from "./tls.ts";

const NOW = Date.parse("2026-03-01T12:00:00Z");

describe("certificates", () => {
  it("are an authority and a server certificate that it signed", async () => {
    const files = await createTlsFiles(NOW);
    const authority = new X509Certificate(files.caCert);
    const server = new X509Certificate(files.cert);
    expect(authority.ca).toBe(true);
    expect(server.ca).toBe(false);
    expect(server.checkIssued(authority)).toBe(true);
    expect(server.verify(authority.publicKey)).toBe(true);
    expect(authority.verify(authority.publicKey)).toBe(true);
    expect(server.subjectAltName).toBe("DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1");
    expect(server.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
    expect(server.checkPrivateKey(createPrivateKey(files.key))).toBe(true);
  });

  it("are valid from the day before for ten years, beyond 2049 too", async () => {
    for (const now of [NOW, Date.parse("2045-01-01T00:00:00Z")]) {
      const files = await createTlsFiles(now);
      for (const pem of [files.caCert, files.cert]) {
        const { validFrom, validTo } = new X509Certificate(pem);
        expect(Date.parse(validFrom)).toBe(now - 86_400_000);
        expect(new Date(validTo).toISOString()).toBe(files.notAfter);
      }
    }
  });
});
