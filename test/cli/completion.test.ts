import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { requirement } from "../requirements.ts";
import { Home, PROGRAM } from "./program.ts";
import { connectTo, setScene } from "./scene.ts";

const bash = requirement("bash", () => {
  try {
    execFileSync("bash", ["--version"]);
    return undefined;
  } catch {
    return "no bash on PATH";
  }
});

describe.skipIf(!bash.available)("completion in a real bash", () => {
  const home = new Home();
  let cluster: Awaited<ReturnType<typeof connectTo>>;
  beforeAll(async () => {
    mkdirSync(join(home.path, "bin"));
    symlinkSync(PROGRAM, join(home.path, "bin", "kubesim"));
    await home.succeed(["server", "start", "--store", "memory"]);
    cluster = await connectTo(home);
    await setScene(cluster.objects);
    await cluster.close();
  });
  afterAll(() => home.remove());

  const complete = (...words: string[]): string[] => {
    const script = `source <(kubesim completion bash)
      COMP_WORDS=(kubesim ${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length}
      _kubesim; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const path = `${join(home.path, "bin")}:${process.env.PATH}`;
    const output = execFileSync("bash", ["-c", script], {
      env: { ...home.env, PATH: path },
      encoding: "utf8",
    });
    return output.split("\n").filter((line) => line !== "");
  };

  it.each([
    [["no"], ["nodes"]],
    [["nodes", "dr"], ["drain"]],
    [
      ["nodes", "kill", "node-"],
      ["node-1", "node-2", "node-3"],
    ],
    [
      ["explain", "pod", ""],
      ["pod-1", "pod-2"],
    ],
    [["strategy", "set", "best"], ["best-fit"]],
    [
      ["pods", "list", "--output", "=", "js"],
      ["json", "jsonl"],
    ],
    [["timing", "set", "cl"], ["classic"]],
    [["chaos", "--recov"], ["--recovery-prob"]],
  ])("%j", async (words, wanted) => {
    // Where the server takes too long to answer there is no completion: nobody waits for one.
    await expect.poll(() => complete(...words)).toEqual(wanted);
  });
});

describe("completion without a server", () => {
  const home = new Home();
  afterAll(() => home.remove());

  it("knows what needs no server, is silent about the rest, and starts nothing", async () => {
    expect(await home.run(["__complete", "--", "nodes", "kill", ""])).toEqual({
      code: 0,
      stdout: "",
      stderr: "",
    });
    // What takes too long is left out.
    const strategies = async () => (await home.run(["__complete", "--", "strategy", "set", ""])).stdout;
    await expect.poll(strategies).toContain("first-fit\t");
    const status = await home.run(["server", "status", "-o", "json"]);
    expect(JSON.parse(status.stdout)).toMatchObject({ running: false });
  });

  it("is silent about a server that is dead", async () => {
    const argv = ["__complete", "--", "explain", "pod", ""];
    const outcome = await home.run(argv, { env: { KUBESIM_SERVER: "https://127.0.0.1:9" } });
    expect(outcome).toEqual({ code: 0, stdout: "", stderr: "" });
  });
});
