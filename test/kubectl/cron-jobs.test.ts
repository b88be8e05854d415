import { expect, it } from "vitest";
import { withCluster } from "./workloads.ts";

const TICK = `apiVersion: batch/v1
kind: CronJob
metadata: {name: tick}
spec:
  schedule: "*/5 * * * *"
  timeZone: Europe/Berlin
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
          - {name: main, image: "work:1", resources: {requests: {cpu: 100m}}}
`;

withCluster("on CronJobs", (kubectl) => {
  it("applies one, prints its columns and describes it", async () => {
    await kubectl()("apply", "-f", kubectl().file("tick.yaml", TICK));
    const table = await kubectl()("get", "cronjobs", "-o", "wide");
    expect(table).toMatch(
      /NAME\s+SCHEDULE\s+TIMEZONE\s+SUSPEND\s+ACTIVE\s+LAST SCHEDULE\s+AGE\s+CONTAINERS\s+IMAGES/,
    );
    expect(table).toMatch(
      /tick\s+\*\/5 \* \* \* \*\s+Europe\/Berlin\s+False\s+0\s+<none>\s+\w+\s+main\s+work:1/,
    );
    const story = await kubectl()("describe", "cronjob", "tick");
    expect(story).toMatch(/Concurrency Policy:\s+Allow/);
  });

  it("suspends it by a patch and deletes it", async () => {
    await kubectl()("patch", "cronjob", "tick", "-p", '{"spec":{"suspend":true}}');
    expect(await kubectl()("get", "cj", "tick")).toMatch(/tick\s.*\sTrue\s/);
    expect(await kubectl()("delete", "cronjob", "tick")).toMatch(/^cronjob.batch "tick" deleted/);
  });

  it("refuses a schedule and a time zone that are none", async () => {
    const bad = TICK.replace("*/5 * * * *", "61 * * * *").replace("Europe/Berlin", "Mars/Olympus");
    const { stderr } = await kubectl().run(["apply", "-f", kubectl().file("bad.yaml", bad)]);
    expect(stderr).toContain('spec.schedule: Invalid value: "61 * * * *"');
    expect(stderr).toContain('spec.timeZone: Invalid value: "Mars/Olympus": unknown time zone Mars/Olympus');
  });
});
