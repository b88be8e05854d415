import { appendFileSync } from "node:fs";

/** Whether something that this machine may lack is there; the reason says what was looked for. */
export interface Requirement {
  readonly available: boolean;
  readonly reason: string;
}

/**
 * Asks whether a program or feature that some tests need is there. `probe` returns undefined when it is, else the
 * reason why not. What is missing is noted in the file that KUBESIM_TEST_SKIPS names, so that the test runner can say
 * so at the end; with KUBESIM_TEST_REQUIRE=all it is an error instead.
 *
 * @example
 * const kubectl = requirement("kubectl", () => (onPath("kubectl") ? undefined : "no kubectl on PATH"));
 * describe.skipIf(!kubectl.available)("kubectl get", () => ...);
 */
export function requirement(name: string, probe: () => string | undefined): Requirement {
  const missing = probe();
  if (missing === undefined) return { available: true, reason: "" };
  const reason = `${name}: ${missing}`;
  if (process.env.KUBESIM_TEST_REQUIRE === "all") throw new Error(`required for the tests: ${reason}`);
  const file = process.env.KUBESIM_TEST_SKIPS;
  if (file) appendFileSync(file, `${reason}\n`);
  return { available: false, reason };
}
