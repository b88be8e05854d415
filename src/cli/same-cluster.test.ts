import { describe, expect, it } from "vitest";
import { aimed } from "./same-cluster.ts";

describe("aimed", () => {
  it("names the cluster in recommended command lines, and the namespace where it matters", () => {
    const aim = { cluster: "lab", namespace: "dev" };
    expect(aimed("Heal with: kubesim nodes revive --all", aim)).toBe(
      "Heal with: kubesim --cluster lab nodes revive --all",
    );
    expect(aimed("More: kubesim explain pod a; kubesim pods list", aim)).toBe(
      "More: kubesim --cluster lab -n dev explain pod a; kubesim --cluster lab -n dev pods list",
    );
    expect(aimed("kubesim status", { server: "https://a:1", context: "my own" })).toBe(
      "kubesim --server https://a:1 --context 'my own' status",
    );
    expect(aimed("kubesim server status; kubesim kubeconfig", { cluster: "a", context: "b" })).toBe(
      "kubesim --cluster a server status; kubesim --cluster a kubeconfig",
    );
  });

  it("leaves alone what names its cluster, what asks none, and what is no command", () => {
    for (const text of [
      "end it with: kubesim server stop --cluster lab",
      "look at them with: kubesim replay run.jsonl",
      "kubesim chaos report run.jsonl",
      "kubesim itself failed: oh",
      "an invariant of kubesim was violated",
      "See: kubesim clock advance --help",
    ]) {
      expect(aimed(text, { cluster: "lab", namespace: "dev" })).toBe(text);
    }
    expect(aimed("kubesim pods list", {})).toBe("kubesim pods list");
  });
});
