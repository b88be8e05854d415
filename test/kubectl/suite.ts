import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { binaries, type Kubectl, kubectlFor, kubectlRequirement } from "./kubectl.ts";
import { type ServerUnderTest, startServer } from "./server.ts";

/** What each test of a suite is handed. */
export interface Stage {
  readonly kubectl: Kubectl;
  readonly server: ServerUnderTest;
}

/**
 * Runs tests with every kubectl that is to be tested, or with those that are given, each against a server of its own.
 * The tests of a suite share the server and run in order. The server must not have failed for a reason of its own at
 * the end.
 */
export function withKubectl(name: string, define: (stage: () => Stage) => void, which = binaries): void {
  describe.skipIf(!kubectlRequirement.available).each(which)(`kubectl ${name} (%s)`, (binary) => {
    let stage: Stage | undefined;
    beforeAll(async () => {
      const server = await startServer();
      stage = { server, kubectl: kubectlFor(binary, server) };
    });
    afterAll(async () => {
      stage?.kubectl.dispose();
      await stage?.server.close();
    });
    define(() => stage as Stage);
    it("leaves no unexplained failure in the server", () => {
      expect(stage?.server.failures).toEqual([]);
    });
  });
}

/** A pod manifest as YAML. */
export function podYaml(name: string, extra = ""): string {
  return `apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  labels: {app: ${name}, tier: front}
${extra}spec:
  containers:
  - name: main
    image: registry.k8s.io/pause:3.10
    resources: {requests: {cpu: 100m, memory: 64Mi}}
`;
}
