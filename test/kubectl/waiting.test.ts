import { expect, it } from "vitest";
import { type Pod, pods } from "../../src/api/kinds/pod.ts";
import { podYaml, type Stage, withKubectl } from "./suite.ts";

withKubectl("waits", (stage) => {
  it("for a condition", async () => {
    const { kubectl } = stage();
    await kubectl("create", "-f", kubectl.file("slow.yaml", podYaml("slow")));
    const waiting = kubectl("wait", "pod/slow", "--for=condition=Ready", "--timeout=100s");
    await becomeReady(stage(), "slow");
    expect(await waiting).toBe("pod/slow condition met\n");
  });

  it("for a value", async () => {
    const { kubectl } = stage();
    const done = await kubectl(
      "wait",
      "pod/slow",
      "--for=jsonpath={.status.phase}=Running",
      "--timeout=100s",
    );
    expect(done).toBe("pod/slow condition met\n");
  });

  it("until it is over, when nothing happens", async () => {
    const { code, stderr } = await stage().kubectl.run([
      "wait",
      "pod/slow",
      "--for=condition=Nonsense",
      "--timeout=1s",
    ]);
    expect(code).toBe(1);
    expect(stderr).toContain("timed out waiting for the condition on pods/slow");
  });

  it("for a deletion", async () => {
    const { kubectl, server } = stage();
    const watches = () => server.openWatches();
    await expect.poll(watches).toBe(0);
    const waiting = kubectl("wait", "pod/slow", "--for=delete", "--timeout=100s");
    await expect.poll(watches).toBe(1);
    await server.objects.delete(pods, { namespace: "default", name: "slow" });
    expect(await waiting).toBe("pod/slow condition met\n");
  });
});

async function becomeReady({ server }: Stage, name: string): Promise<void> {
  const pod = await server.objects.get(pods, { namespace: "default", name });
  const conditions = [{ type: "Ready", status: "True" as const }];
  const ready: Pod = { ...pod, status: { ...pod.status, phase: "Running", conditions } };
  await server.objects.update(pods, ready, { subresource: "status" });
}
