import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeProtobuf } from "../../src/api/protobuf/decode.ts";
import { requirement } from "../requirements.ts";
import { binaries, type Kubectl, kubectlFor, versionOf } from "./kubectl.ts";

/** Every object that kubectl makes without a file and without asking the server anything before. */
const CREATES: readonly string[] = [
  "namespace x",
  "deployment web --image=nginx --replicas=0 --port=80",
  "job j --image=busybox -- date",
  "cronjob c --image=busybox --schedule=@hourly -- date",
  "service clusterip s --tcp=80:8080",
  "service nodeport n --tcp=80 --node-port=30080",
  "service externalname e --external-name=example.com",
  "configmap cm --from-literal=a=b --from-literal=empty=",
  "secret generic sec --from-literal=a=b",
  "secret docker-registry d --docker-username=u --docker-password=p --docker-server=s",
  "serviceaccount sa",
  "quota q --hard=cpu=1500m,memory=1Gi,pods=0 --scopes=BestEffort",
  "priorityclass pc --value=0 --global-default=true",
  "poddisruptionbudget pdb --selector=a=b --min-available=50%",
  "ingress i --rule=foo.com/bar=svc1:8080,tls=secret --class=c",
  "rolebinding rb --clusterrole=view --user=u --group=g",
  "clusterrolebinding crb --clusterrole=view --serviceaccount=a:b",
  "clusterrole cr --verb=get,post --non-resource-url=/x",
];

const PROTOBUF = "application/vnd.kubernetes.protobuf";
const SERVER_VERSION = { major: "1", minor: "33", gitVersion: "v1.33.1" };

/** From 1.32 on, typed creates are sent as protobuf. */
const senders = binaries.filter((binary) => Number(/v1\.(\d+)/.exec(versionOf(binary) ?? "")?.[1]) >= 32);
const sender = requirement("a kubectl that sends protobuf, 1.32 or newer", () =>
  senders.length > 0 ? undefined : `not among ${binaries.join(", ")}`,
);

describe.skipIf(!sender.available).each(sender.available ? senders : ["kubectl"])("%s", (binary) => {
  let server: Server;
  let kubectl: Kubectl;
  let posted: Readonly<Record<string, unknown>> | undefined;
  let contentType: string | undefined;

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const answer = (status: number, body: unknown) =>
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
      // Some kubectls ask for the version first, and one is a dispatcher that picks the kubectl to run by it.
      if (request.url?.startsWith("/version")) return answer(200, SERVER_VERSION);
      if (request.method !== "POST") return response.writeHead(404).end();
      const body = Buffer.concat(await request.toArray());
      contentType = request.headers["content-type"];
      posted = contentType === PROTOBUF ? decodeProtobuf(body, JSON.parse) : JSON.parse(body.toString());
      answer(201, posted);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    kubectl = kubectlFor(binary, { url: `http://127.0.0.1:${port}`, certificateAuthority: "", token: "t" });
  });

  afterAll(() => {
    server.close();
    kubectl.dispose();
  });

  it.each(CREATES)("create %s: what it sends is decoded to what it would print", async (command) => {
    const [before, ...after] = command.split(" -- ");
    const words = (before as string).split(" ");
    const rest = after.length > 0 ? ["--", ...after] : [];
    posted = undefined;
    expect(await kubectl("create", ...words, ...rest)).toContain("created");
    expect(contentType).toBe(PROTOBUF);
    const printed = await kubectl("create", ...words, "--dry-run=client", "--output=json", ...rest);
    expect(posted).toEqual(withoutNulls(JSON.parse(printed)));
  });
});

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([key, member]) => [key, withoutNulls(member)]));
}
