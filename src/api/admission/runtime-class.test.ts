import { expect, it } from "vitest";
import { createInMemoryServer } from "../../../test/in-memory-server.ts";

it("gives pods what their class says, and refuses what contradicts it", async () => {
  const { send } = await createInMemoryServer();
  await send("POST", "/apis/node.k8s.io/v1/runtimeclasses", {
    metadata: { name: "sandbox" },
    handler: "runsc",
    overhead: { podFixed: { cpu: "250m" } },
    scheduling: { nodeSelector: { kind: "sandbox" }, tolerations: [{ key: "sandbox", operator: "Exists" }] },
  });
  const launch = (name: string, spec: object) => {
    const pod = { metadata: { name }, spec: { containers: [{ name: "c", image: "i" }], ...spec } };
    return send("POST", "/api/v1/namespaces/default/pods", pod);
  };
  const { body } = await launch("one", { runtimeClassName: "sandbox", nodeSelector: { disk: "ssd" } });
  expect(body.spec).toMatchObject({
    overhead: { cpu: "250m" },
    nodeSelector: { disk: "ssd", kind: "sandbox" },
    tolerations: expect.arrayContaining([{ key: "sandbox", operator: "Exists" }]),
  });
  const refusal = async (spec: object) => {
    const { status, body: answer } = await launch("bad", spec);
    return [status, answer.message];
  };
  expect(await refusal({ runtimeClassName: "none" })).toEqual([
    403,
    'pods "bad" is forbidden: pod rejected: RuntimeClass "none" not found',
  ]);
  expect(await refusal({ runtimeClassName: "sandbox", nodeSelector: { kind: "other" } })).toEqual([
    403,
    expect.stringContaining("conflict: runtimeClass.scheduling.nodeSelector[kind] = sandbox"),
  ]);
  expect(await refusal({ runtimeClassName: "sandbox", overhead: { cpu: "1" } })).toEqual([
    403,
    expect.stringContaining("Pod's Overhead doesn't match RuntimeClass's defined Overhead"),
  ]);
});
