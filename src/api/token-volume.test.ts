import { expect, it } from "vitest";
import type { Pod, PodSpec } from "./kinds/pod.ts";
import { hasOwnVolumes, SERVICE_ACCOUNT_PATH, tokenParts } from "./token-volume.ts";

const podOf = (spec: Partial<PodSpec>): Pod =>
  ({
    metadata: { name: "web", namespace: "default" },
    spec: { containers: [{ name: "main" }], ...spec },
  }) as unknown as Pod;

function withTokenVolume(pod: Pod, account: string): Pod {
  const parts = tokenParts(pod.spec, "default", account);
  return parts === undefined ? pod : { ...pod, spec: { ...pod.spec, ...parts } };
}

it("mounts token, certificate and namespace into every container", () => {
  const { spec } = withTokenVolume(podOf({ initContainers: [{ name: "setup" }] }), "default");
  const [volume] = spec.volumes ?? [];
  expect(volume?.name).toMatch(/^kube-api-access-[b-z2-9]{5}$/);
  const mount = { name: volume?.name, readOnly: true, mountPath: SERVICE_ACCOUNT_PATH };
  expect(spec.containers[0]?.volumeMounts).toEqual([mount]);
  expect(spec.initContainers?.[0]?.volumeMounts).toEqual([mount]);
  expect(JSON.stringify(volume)).toContain(
    '{"serviceAccountToken":{"expirationSeconds":3607,"path":"token"}}',
  );
});

it("leaves alone what has something there, and what has been mounted before", () => {
  const own = { name: "mine", mountPath: SERVICE_ACCOUNT_PATH };
  const pod = podOf({ containers: [{ name: "main", volumeMounts: [own] }], volumes: [{ name: "mine" }] });
  expect(withTokenVolume(pod, "default")).toBe(pod);
  const mounted = withTokenVolume(podOf({}), "default");
  expect(withTokenVolume(mounted, "another")).toBe(mounted);
});

it("keeps the pod's own volumes, and lets pods of one account and template share all of it", () => {
  const { spec } = withTokenVolume(podOf({ volumes: [{ name: "data", emptyDir: {} }] }), "default");
  expect(spec.volumes).toHaveLength(2);
  expect(hasOwnVolumes(spec)).toBe(true);
  const template = podOf({});
  const [one, two] = [
    withTokenVolume({ ...template }, "default"),
    withTokenVolume({ ...template }, "default"),
  ];
  expect(one.spec.volumes).toBe(two.spec.volumes);
  expect(one.spec.containers).toBe(two.spec.containers);
  expect(hasOwnVolumes(one.spec)).toBe(false);
  expect(withTokenVolume(template, "robot").spec.volumes).not.toEqual(one.spec.volumes);
});
