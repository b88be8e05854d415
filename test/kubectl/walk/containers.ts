import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "vitest";
import { untilLogged } from "../kubectl.ts";
import { type Step, type, type Walker } from "./steps.ts";

/** What is done with running containers: those of the pod `one`, and of the Deployment `web`. */
export const CONTAINERS: readonly Step[] = [
  ["logs", "logs one -c main --tail=1", /^\S.*\n$/],
  ["logs", "logs one -c main --since=1h --timestamps --limit-bytes=60", /^\d{4}-\d\d-\d\dT[\d:.]+Z /],
  ["logs", "logs one --all-containers --prefix --tail=1", /\[pod\/one\/side\] /],
  ["logs", "logs deploy/web --tail=1", /\S/],
  ["logs", "logs -l app=one --tail=1 -c side", /\S/],
  ["logs", "logs one -c nobody", /container nobody is not valid for pod one/, 1],
  ["logs", "logs one -c main --previous", /previous terminated container "main" in pod "one" not found/, 1],
  ["logs", followsLog],
  ["exec, attach, cp", "exec one -c main -- sh -c 'echo in; echo out >&2'", /^in\nout\n$/],
  ["exec, attach, cp", "exec one -c side -- sh -c 'exit 4'", /command terminated with exit code 4/, 4],
  ["exec, attach, cp", "exec deploy/web -- hostname", /^web-\w+-\w+\n/],
  ["exec, attach, cp", attaches],
  ["exec, attach, cp", copies],
  ["port-forward", (walker) => forwards(walker, "pod/one", ":80")],
  ["port-forward", (walker) => forwards(walker, "deploy/web", ":80")],
  ["port-forward", (walker) => forwards(walker, "svc/web", ":80")],
  [
    "debug POD / node",
    "debug one --image=busybox -c look --target=main -- sleep 1d",
    /^(--profile.*\n)?(Targeting[\s\S]*)?$/,
  ],
  ["debug POD / node", "get pod one -o jsonpath={.spec.ephemeralContainers[*].name}", /^look$/],
  [
    "debug POD / node",
    "debug one --copy-to=twin --image=busybox -c extra --share-processes -- sleep 1d",
    /^(--profile.*\n)?$/,
  ],
  ["debug POD / node", "debug one --copy-to=other --set-image=*=web:9", /^(--profile.*\n)?$/],
  ["debug POD / node", "get pod other -o jsonpath={.spec.containers[*].image}", /^web:9 web:9$/],
  [
    "debug POD / node",
    "debug node/node-1 --image=busybox -- sleep 1d",
    /Creating debugging pod node-debugger-node-1-/,
  ],
];

async function followsLog({ kubectl }: Walker): Promise<void> {
  await kubectl("run", "brief", "--image=x", "--restart=Never", "--annotations=kubesim.dev/duration=2s");
  await untilLogged(kubectl, "brief");
  const following = kubectl.start("logs", "-f", "brief");
  await following.until(/msg="brief finished" after=\d+s\n$/);
  following.stop();
}

async function attaches(walker: Walker): Promise<void> {
  await type(walker, "annotate pod one kubesim.dev/log-lines=tick kubesim.dev/log-interval=20ms");
  const attached = walker.kubectl.start("attach", "one", "-c", "main");
  await attached.until(/tick/);
  attached.stop();
}

async function copies({ kubectl }: Walker): Promise<void> {
  const folder = join(dirname(kubectl.file("marker", "")), "tree");
  mkdirSync(join(folder, "deep"), { recursive: true });
  writeFileSync(join(folder, "top.txt"), "top");
  writeFileSync(join(folder, "deep", "bytes"), Buffer.from([0, 255, 10]));
  await kubectl("cp", folder, "one:/tmp/tree", "-c", "main");
  expect(await kubectl("exec", "one", "-c", "main", "--", "cat", "/tmp/tree/top.txt")).toBe("top");
  await kubectl("cp", "one:/tmp/tree", `${folder}-back`, "-c", "main");
  expect(readFileSync(join(`${folder}-back`, "deep", "bytes"))).toEqual(Buffer.from([0, 255, 10]));
  expect(readFileSync(join(`${folder}-back`, "top.txt"), "utf8")).toBe("top");
}

async function forwards({ kubectl }: Walker, target: string, port: string): Promise<void> {
  const forwarding = kubectl.start("port-forward", target, port);
  const [, local] = /127\.0\.0\.1:(\d+)/.exec(await forwarding.until(/Forwarding from 127.*\n/)) as string[];
  expect(await (await fetch(`http://127.0.0.1:${local}/`)).text()).toMatch(/^Hello from (one|web-)/);
  forwarding.stop();
}
