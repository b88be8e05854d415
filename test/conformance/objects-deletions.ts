import { expect, it } from "vitest";
import type { Status } from "../../src/api/errors.ts";
import { type Namespace, namespaces } from "../../src/api/kinds/namespace.ts";
import { type Pod, pods } from "../../src/api/kinds/pod.ts";
import type { Objects } from "../../src/api/objects.ts";
import { createPod, failure, podDraft, podKey, refusal } from "./objects-under-test.ts";

/** Grace, finalizers, preconditions and namespaces. */
export function describeDeletions(current: () => Objects): void {
  describeGrace(current);
  describeHolding(current);
}

function describeGrace(current: () => Objects): void {
  it("deletes at once what needs no grace, and says of what", async () => {
    const pod = await createPod(current(), "a");
    const status = (await current().delete(pods, podKey("a"))) as Status;
    expect(status).toMatchObject({
      kind: "Status",
      status: "Success",
      details: { name: "a", kind: "pods", uid: pod.metadata.uid },
    });
    expect(await refusal(current().delete(pods, podKey("a")))).toEqual(["NotFound", 'pods "a" not found']);
  });

  it("gives a pod on a node its grace, and shortens it when asked again", async () => {
    await boundPod(current(), "a");
    const first = (await current().delete(pods, podKey("a"))) as Pod;
    expect(first.metadata.deletionGracePeriodSeconds).toBe(30);
    expect(deletionMs(first) - Date.parse(first.metadata.creationTimestamp)).toBeGreaterThanOrEqual(30_000);
    const again = (await current().delete(pods, podKey("a"))) as Pod;
    expect(again).toEqual(first);
    const longer = (await current().delete(pods, podKey("a"), { gracePeriodSeconds: 60 })) as Pod;
    expect(longer).toEqual(first);
    const shorter = (await current().delete(pods, podKey("a"), { gracePeriodSeconds: 10 })) as Pod;
    expect(shorter.metadata.deletionGracePeriodSeconds).toBe(10);
    expect(deletionMs(shorter)).toBe(deletionMs(first) - 20_000);
    expect(await current().get(pods, podKey("a"))).toEqual(shorter);
    await current().delete(pods, podKey("a"), { gracePeriodSeconds: 0 });
    expect((await failure(current().get(pods, podKey("a")))).reason).toBe("NotFound");
  });

  it("keeps an object that is being deleted through updates", async () => {
    await boundPod(current(), "a");
    const deleted = (await current().delete(pods, podKey("a"))) as Pod;
    const patch = { status: { phase: "Failed" } };
    const patched = await current().patch(
      pods,
      podKey("a"),
      { type: "merge", patch },
      { subresource: "status" },
    );
    expect(patched.metadata.deletionTimestamp).toBe(deleted.metadata.deletionTimestamp);
    const revived = { ...patched, metadata: { ...patched.metadata } as Partial<Pod["metadata"]> };
    Reflect.deleteProperty(revived.metadata, "deletionTimestamp");
    const kept = await current().update<Pod>(pods, revived as Pod);
    expect(kept.metadata.deletionTimestamp).toBe(deleted.metadata.deletionTimestamp);
  });

  it("deletes only what the preconditions mean", async () => {
    const pod = await createPod(current(), "a");
    const other = current().delete(pods, podKey("a"), { preconditions: { uid: "other" } });
    const { reason, message } = await failure(other);
    expect(reason).toBe("Conflict");
    expect(message).toContain("Precondition failed: UID in precondition: other, UID in object meta:");
    const stale = current().delete(pods, podKey("a"), { preconditions: { resourceVersion: "1" } });
    expect((await failure(stale)).reason).toBe("Conflict");
    const { uid, resourceVersion } = pod.metadata;
    await current().delete(pods, podKey("a"), { preconditions: { uid, resourceVersion } });
    expect((await failure(current().get(pods, podKey("a")))).reason).toBe("NotFound");
  });

  it("deletes nothing in a dry run", async () => {
    const pod = await createPod(current(), "a");
    await current().delete(pods, podKey("a"), { dryRun: true });
    expect(await current().get(pods, podKey("a"))).toEqual(pod);
  });

  it("deletes at once when dependents may follow in the background", async () => {
    await createPod(current(), "a");
    await current().delete(pods, podKey("a"), { propagationPolicy: "Background" });
    expect((await failure(current().get(pods, podKey("a")))).reason).toBe("NotFound");
  });
}

function describeHolding(current: () => Objects): void {
  it("keeps an object until its last finalizer is taken away, and takes no new ones", async () => {
    await createPod(current(), "a", { finalizers: ["example.com/one", "example.com/two"] });
    const held = (await current().delete(pods, podKey("a"), { gracePeriodSeconds: 0 })) as Pod;
    expect(held.metadata.deletionTimestamp).toBeDefined();
    expect(held.metadata.deletionGracePeriodSeconds).toBe(0);
    const finalizers = (list: readonly string[]) =>
      current().patch(pods, podKey("a"), { type: "merge", patch: { metadata: { finalizers: list } } });
    const more = await failure(finalizers(["example.com/one", "example.com/new"]));
    expect(more.reason).toBe("Invalid");
    expect(more.message).toContain("no new finalizers can be added if the object is being deleted");
    await finalizers(["example.com/two"]);
    expect((await current().get(pods, podKey("a"))).metadata.finalizers).toEqual(["example.com/two"]);
    await finalizers([]);
    expect((await failure(current().get(pods, podKey("a")))).reason).toBe("NotFound");
  });

  it("makes an object with finalizers wait for its grace as well", async () => {
    await boundPod(current(), "a", ["example.com/one"]);
    await current().delete(pods, podKey("a"));
    const patch = { metadata: { finalizers: null } };
    await current().patch(pods, podKey("a"), { type: "merge", patch });
    expect((await current().get(pods, podKey("a"))).metadata.finalizers).toBeUndefined();
    await current().delete(pods, podKey("a"), { gracePeriodSeconds: 0 });
    expect((await failure(current().get(pods, podKey("a")))).reason).toBe("NotFound");
  });

  it("ends a namespace in two steps: nothing new while its content goes, then the namespace", async () => {
    const draft = { apiVersion: "v1", kind: "Namespace", metadata: { name: "team" }, spec: {}, status: {} };
    await current().create<Namespace>(namespaces, draft);
    await createPod(current(), "a", { namespace: "team" });
    const ending = (await current().delete(namespaces, { name: "team" })) as Namespace;
    expect(ending.status.phase).toBe("Terminating");
    expect(ending.metadata.deletionTimestamp).toBeDefined();
    const late = await failure(createPod(current(), "b", { namespace: "team" }));
    expect(late.reason).toBe("Forbidden");
    expect(late.message).toBe(
      'pods "b" is forbidden: unable to create new content in namespace team because it is being terminated',
    );
    expect(late.details?.causes?.[0]?.reason).toBe("NamespaceTerminating");
    await current().delete(pods, { namespace: "team", name: "a" });
    const freed: Namespace = { ...ending, spec: { finalizers: [] } };
    const plain = await current().update<Namespace>(namespaces, freed);
    expect(plain.spec.finalizers).toEqual(["kubernetes"]);
    await current().update<Namespace>(namespaces, freed, { part: "finalize" });
    expect((await failure(current().get(namespaces, { name: "team" }))).reason).toBe("NotFound");
  });

  it("refuses to delete the namespaces that the cluster needs", async () => {
    for (const name of ["default", "kube-system", "kube-public", "kube-node-lease"]) {
      const message = `namespaces "${name}" is forbidden: this namespace may not be deleted`;
      expect(await refusal(current().delete(namespaces, { name }))).toEqual(["Forbidden", message]);
    }
  });
}

async function boundPod(objects: Objects, name: string, finalizers?: readonly string[]): Promise<void> {
  await objects.create<Pod>(pods, podDraft(name, finalizers && { finalizers }));
  const binding = {
    apiVersion: "v1",
    kind: "Binding",
    metadata: { name },
    target: { kind: "Node", name: "n" },
  };
  await objects.act(pods as never, podKey(name), "binding", binding);
}

function deletionMs({ metadata }: Pod): number {
  return Date.parse(metadata.deletionTimestamp as string);
}
