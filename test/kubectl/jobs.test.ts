import { expect, it } from "vitest";
import { withCluster } from "./workloads.ts";

const job = (name: string, spec: string, seconds = 1) => `apiVersion: batch/v1
kind: Job
metadata: {name: ${name}}
spec:
  ${spec}
  template:
    metadata:
      annotations: {kubesim.dev/duration: ${seconds}s}
    spec:
      restartPolicy: Never
      containers:
      - {name: main, image: "work:1", resources: {requests: {cpu: 100m}}}
`;

withCluster("on Jobs", (kubectl) => {
  it("applies one, waits for its end and prints its columns", async () => {
    await kubectl()(
      "apply",
      "-f",
      kubectl().file("work.yaml", job("work", "completions: 3\n  parallelism: 2")),
    );
    await kubectl()("wait", "job/work", "--for=condition=Complete", "--timeout=100s");
    const table = await kubectl()("get", "jobs", "-o", "wide");
    expect(table).toMatch(/NAME\s+STATUS\s+COMPLETIONS\s+DURATION\s+AGE\s+CONTAINERS\s+IMAGES\s+SELECTOR/);
    expect(table).toMatch(
      /work\s+Complete\s+3\/3\s+\w+\s+\w+\s+main\s+work:1\s+batch.kubernetes.io\/controller-uid=/,
    );
    const pods = await kubectl()("get", "pods", "-l", "batch.kubernetes.io/job-name=work", "-o", "name");
    expect(pods.trim().split("\n")).toHaveLength(3);
  });

  it("describes it", async () => {
    const story = await kubectl()("describe", "job", "work");
    expect(story).toMatch(/Pods Statuses:\s+0 Active.*\/ 3 Succeeded \/ 0 Failed/);
    expect(story).toMatch(/Normal\s+Completed\s.*job-controller\s+Job completed/);
  });

  it("ends as its command says, and says what that writes", async () => {
    await kubectl()(
      "create",
      "job",
      "hello",
      "--image=busybox",
      "--",
      "sh",
      "-c",
      "echo one; sleep 1; echo two",
    );
    await kubectl()("wait", "job/hello", "--for=condition=Complete", "--timeout=100s");
    expect(await kubectl()("logs", "job/hello")).toBe("one\ntwo\n");
    await kubectl()("create", "job", "pi", "--image=perl", "--", "perl", "-wle", "print 3");
    await kubectl()("wait", "job/pi", "--for=condition=Complete", "--timeout=100s");
    await kubectl()(
      "run",
      "bad",
      "--image=busybox",
      "--restart=Never",
      "--",
      "sh",
      "-c",
      "echo no luck; exit 3",
    );
    await kubectl()("wait", "pod/bad", "--for=jsonpath={.status.phase}=Failed", "--timeout=100s");
    const code = "{.status.containerStatuses[0].state.terminated.exitCode}";
    expect(await kubectl()("get", "pod", "bad", "-o", `jsonpath=${code}`)).toBe("3");
    expect(await kubectl()("logs", "bad")).toBe("no luck\n");
  });

  it("suspends and resumes one by a patch", async () => {
    await kubectl()("create", "-f", kubectl().file("slow.yaml", job("slow", "suspend: true", 3_600)));
    await kubectl()("wait", "job/slow", "--for=condition=Suspended", "--timeout=100s");
    expect(await kubectl()("get", "job", "slow")).toMatch(/slow\s+Suspended\s+0\/1/);
    await kubectl()("patch", "job", "slow", "-p", '{"spec":{"suspend":false}}');
    await kubectl()("wait", "job/slow", "--for=jsonpath={.status.active}=1", "--timeout=100s");
    await kubectl()("delete", "job", "slow", "--timeout=100s");
    await kubectl()("wait", "pod", "-l", "job-name=slow", "--for=delete", "--timeout=100s");
  });

  it("refuses what cannot be changed, and pods that always restart", async () => {
    const changed = ["patch", "job", "work", "-p", '{"spec":{"completions":5}}'];
    expect((await kubectl().run(changed)).stderr).toContain(
      "spec.completions: Invalid value: 5: field is immutable",
    );
    const always = job("always", "completions: 1").replace("Never", "Always");
    const refused = await kubectl().run(["apply", "-f", kubectl().file("always.yaml", always)]);
    expect(refused.stderr).toContain(
      'spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
    );
  });
});
