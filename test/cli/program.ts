import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The built program, which `npm test` builds first; or another one, such as an installed package's. */
export const PROGRAM =
  process.env.KUBESIM_TEST_PROGRAM ?? join(import.meta.dirname, "..", "..", "dist", "kubesim.js");

/** What a run of the program came to. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to run it, beside its arguments. */
export interface RunParts {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly cwd?: string;
  /** The Node that runs it; this one when absent. */
  readonly node?: string;
  /** Called with the process, to send signals. */
  readonly started?: (child: ReturnType<typeof spawn>) => void;
}

/** A home of its own for clusters, so that tests meet neither each other's nor the user's. */
export class Home {
  readonly path = mkdtempSync(join(tmpdir(), "kubesim-home-"));

  /** The environment of programs in this home: nothing of the caller's terminal or settings. */
  get env(): Record<string, string> {
    return {
      PATH: process.env.PATH ?? "",
      HOME: this.path,
      XDG_STATE_HOME: join(this.path, "state"),
      // Compiled code is the same for all.
      XDG_CACHE_HOME: join(tmpdir(), "kubesim-test-cache"),
      LANG: "C.UTF-8",
    };
  }

  /** Runs kubesim with these arguments to its end. */
  run(argv: readonly string[], parts: RunParts = {}): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const child = spawn(parts.node ?? process.execPath, [PROGRAM, ...argv], {
        env: { ...this.env, ...parts.env },
        cwd: parts.cwd ?? this.path,
      });
      let stdout = "";
      let stderr = "";
      child.stdout.on("data", (chunk: Buffer) => {
        stdout += chunk.toString();
      });
      child.stderr.on("data", (chunk: Buffer) => {
        stderr += chunk.toString();
      });
      child.on("error", reject);
      child.on("close", (code) => resolve({ code, stdout, stderr }));
      child.stdin.on("error", () => {});
      child.stdin.end(parts.stdin ?? "");
      parts.started?.(child);
    });
  }

  /** Writes a file into it. @returns its path */
  write(name: string, text: string): string {
    const path = join(this.path, name);
    writeFileSync(path, text);
    return path;
  }

  /** As `run`; a failure of the program fails the test, with what it said. */
  async succeed(argv: readonly string[], parts: RunParts = {}): Promise<Outcome> {
    const outcome = await this.run(argv, parts);
    if (outcome.code !== 0) {
      throw new Error(`kubesim ${argv.join(" ")}: exit ${outcome.code}\n${outcome.stdout}${outcome.stderr}`);
    }
    return outcome;
  }

  /** Stops the clusters that were started in it and removes it. */
  async remove(clusters: readonly string[] = ["default"]): Promise<void> {
    for (const cluster of clusters) await this.run(["server", "stop", "--cluster", cluster]);
    rmSync(this.path, { recursive: true, force: true });
  }
}
