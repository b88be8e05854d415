import { describe, expect, it } from "vitest";
import { assertKubesim, ChaosRefused } from "./refusal.ts";

const here = { loopback: true, allowRemote: false };

describe("which server chaos may hurt", () => {
  it.each(["v1.34.0+kubesim", "v1.34.0+kubesim-0.1.0", "kubesim-0.1.0"])(
    "kubesim on this machine: %s",
    (gitVersion) => {
      expect(() => assertKubesim({ gitVersion }, here)).not.toThrow();
    },
  );

  it.each(["v1.34.0", "v1.32.1+k3s1", "v1.34.0+notkubesim", "", undefined])(
    "never a foreign one, whatever flags say: %s",
    (gitVersion) => {
      const check = () => assertKubesim({ gitVersion }, { loopback: true, allowRemote: true });
      expect(check).toThrow(expect.objectContaining({ reason: "foreign-server" }));
      expect(check).toThrow(ChaosRefused);
    },
  );

  it("a remote kubesim only when it is allowed", () => {
    const version = { gitVersion: "v1.34.0+kubesim" };
    expect(() => assertKubesim(version, { loopback: false, allowRemote: false })).toThrow(
      expect.objectContaining({ reason: "remote-server", hint: expect.stringContaining("--allow-remote") }),
    );
    expect(() => assertKubesim(version, { loopback: false, allowRemote: true })).not.toThrow();
  });
});
