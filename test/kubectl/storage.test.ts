import { expect, it } from "vitest";
import { withCluster } from "./workloads.ts";

const claim = (name: string, more = "") => `apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: ${name}}
spec:
  accessModes: [ReadWriteOnce]
  resources: {requests: {storage: 1Gi}}
${more}`;

const pod = (name: string, claimName: string) => `apiVersion: v1
kind: Pod
metadata: {name: ${name}}
spec:
  containers:
  - {name: main, image: x, volumeMounts: [{name: data, mountPath: /data}]}
  volumes: [{name: data, persistentVolumeClaim: {claimName: ${claimName}}}]
`;

const VOLUME = `apiVersion: v1
kind: PersistentVolume
metadata: {name: by-hand}
spec:
  capacity: {storage: 2Gi}
  accessModes: [ReadWriteOnce, ReadOnlyMany]
  storageClassName: hand
  hostPath: {path: /tmp/by-hand}
`;

withCluster("on storage", (kubectl) => {
  const create = (name: string, text: string) =>
    kubectl()("create", "-f", kubectl().file(`${name}.yaml`, text));
  const refused = async (...args: string[]) => (await kubectl().run(args)).stderr;

  it("shows classes, volumes and claims, also what waits for its first pod", async () => {
    expect(await kubectl()("get", "sc")).toMatch(
      /standard \(default\) +kubesim.dev\/simulated +Delete +WaitForFirstConsumer +true +/,
    );
    await create("volume", VOLUME);
    expect(await kubectl()("get", "pv", "-o", "wide")).toMatch(
      /by-hand +2Gi +RWO,ROX +Retain +Available +hand +<unset> +\w+ +Filesystem/,
    );
    await create("fresh", claim("fresh"));
    expect(await kubectl()("get", "pvc")).toMatch(/fresh +Pending +standard +<unset> +\w+/);
    const described = await kubectl()("describe", "pvc", "fresh");
    expect(described).toMatch(/StorageClass: +standard/);
    expect(described).toMatch(
      /WaitForFirstConsumer +.*waiting for first consumer to be created before binding/,
    );
    await create("hand", claim("hand", "  storageClassName: hand\n"));
    await kubectl()("wait", "pvc/hand", "--for=jsonpath={.status.phase}=Bound", "--timeout=100s");
    expect(await kubectl()("get", "pv", "by-hand")).toMatch(
      /2Gi +RWO,ROX +Retain +Bound +default\/hand +hand/,
    );
  });

  it("keeps a claim, and its volume, while a pod uses it", async () => {
    await create("user", pod("user", "fresh"));
    await kubectl()("wait", "pod/user", "--for=condition=Ready", "--timeout=100s");
    expect(await kubectl()("get", "pvc", "fresh", "-o", "wide")).toMatch(
      /fresh +Bound +pvc-\S+ +1Gi +RWO +standard +<unset> +\w+ +Filesystem/,
    );
    const described = await kubectl()("describe", "pvc", "fresh");
    expect(described).toMatch(/Finalizers: +\[kubernetes.io\/pvc-protection\]/);
    expect(described).toMatch(/Used By: +user/);
    const volume = await kubectl()("get", "pvc", "fresh", "-o", "jsonpath={.spec.volumeName}");
    expect(await kubectl()("describe", "pv", volume)).toMatch(
      /Claim: +default\/fresh\nReclaim Policy: +Delete/,
    );
    await kubectl()("delete", "pvc", "fresh", "--wait=false");
    expect(await kubectl()("get", "pvc", "fresh")).toMatch(/fresh +Terminating/);
    await kubectl()("delete", "pv", volume, "--wait=false");
    expect(await kubectl()("get", "pv", volume)).toMatch(/Terminating/);
    await kubectl()("delete", "pod", "user", "--grace-period=1");
    await kubectl()("wait", "pvc/fresh", `pv/${volume}`, "--for=delete", "--timeout=100s");
    await kubectl()("delete", "pvc", "hand");
    await kubectl()("wait", "pv/by-hand", "--for=jsonpath={.status.phase}=Released", "--timeout=100s");
    expect(await kubectl()("get", "pv", "by-hand")).toMatch(/Retain +Released +default\/hand/);
  });

  it("grows a claim, and refuses to shrink it or to change what it is", async () => {
    await create("growing", `${claim("growing")}---\n${pod("grower", "growing")}`);
    await kubectl()("wait", "pod/grower", "--for=condition=Ready", "--timeout=100s");
    const resize = (storage: string) =>
      kubectl().run([
        ...["patch", "pvc", "growing", "-p"],
        `{"spec":{"resources":{"requests":{"storage":"${storage}"}}}}`,
      ]);
    expect((await resize("3Gi")).code).toBe(0);
    await kubectl()("wait", "pvc/growing", "--for=jsonpath={.status.capacity.storage}=3Gi", "--timeout=100s");
    expect((await resize("1Gi")).stderr).toContain("field can not be less than status.capacity");
    expect(
      await refused("patch", "pvc", "growing", "-p", '{"spec":{"accessModes":["ReadWriteMany"]}}'),
    ).toContain("spec is immutable after creation except resources.requests");
    const modes = claim("both").replace("[ReadWriteOnce]", "[ReadWriteOnce, ReadWriteOncePod]");
    expect(await refused("create", "-f", kubectl().file("both.yaml", modes))).toContain(
      "may not use ReadWriteOncePod with other access modes",
    );
  });

  it("takes claims and their volumes away with a namespace", async () => {
    await kubectl()("create", "namespace", "shed");
    const file = kubectl().file("shed.yaml", `${claim("tools")}---\n${pod("worker", "tools")}`);
    await kubectl()("create", "-n", "shed", "-f", file);
    await kubectl()("wait", "-n", "shed", "pod/worker", "--for=condition=Ready", "--timeout=100s");
    const volume = await kubectl()("get", "-n", "shed", "pvc", "tools", "-o", "jsonpath={.spec.volumeName}");
    await kubectl()("delete", "pod", "-n", "shed", "worker", "--grace-period=1", "--wait=false");
    await kubectl()("delete", "namespace", "shed", "--timeout=100s");
    await kubectl()("wait", `pv/${volume}`, "--for=delete", "--timeout=100s");
  });
});
