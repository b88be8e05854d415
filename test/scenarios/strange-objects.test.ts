import { expect, it } from "vitest";
import { apiVersionOf, type Kind } from "../../src/api/kind.ts";
import { KINDS } from "../../src/api/registry.ts";
import type { FieldSchema } from "../../src/api/schema/field-schema.ts";
import { objectType } from "../../src/api/schema/table.ts";
import { startCluster } from "../../src/index.ts";
import { createRandom, type Random } from "../../src/lib/random.ts";
import type { Json } from "../in-memory-server.ts";

/** More by KUBESIM_STRANGE_OBJECTS. */
const OBJECTS = Number(process.env.KUBESIM_STRANGE_OBJECTS ?? 300);
const SEED = process.env.KUBESIM_STRANGE_SEED ?? "strange";
/** After so many requests time goes on, and whatever was accepted lives. */
const REQUESTS_PER_STEP = 25;

const container = { name: "web", image: "web:1", resources: { requests: { cpu: "100m" } } };
const template = { metadata: { labels: { app: "web" } }, spec: { containers: [container] } };
const selector = { matchLabels: { app: "web" } };
const jobTemplate = { ...template, spec: { ...template.spec, restartPolicy: "Never" } };
const claim = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } };

/** Objects that live, by plural, before something strange is put in. */
const ALIVE: Readonly<Record<string, Json>> = {
  pods: template,
  deployments: { spec: { replicas: 2, selector, template } },
  replicasets: { spec: { replicas: 2, selector, template } },
  replicationcontrollers: { spec: { replicas: 1, selector: { app: "web" }, template } },
  statefulsets: { spec: { replicas: 2, serviceName: "web", selector, template } },
  daemonsets: { spec: { selector, template } },
  jobs: { spec: { completions: 2, template: jobTemplate } },
  cronjobs: { spec: { schedule: "*/2 * * * *", jobTemplate: { spec: { template: jobTemplate } } } },
  horizontalpodautoscalers: {
    spec: {
      minReplicas: 1,
      maxReplicas: 3,
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "a" },
    },
  },
  poddisruptionbudgets: { spec: { minAvailable: 1, selector } },
  services: { spec: { selector: { app: "web" }, ports: [{ port: 80 }] } },
  persistentvolumeclaims: { spec: claim },
  persistentvolumes: {
    spec: { accessModes: ["ReadWriteOnce"], capacity: { storage: "1Gi" }, hostPath: { path: "/data" } },
  },
  resourcequotas: { spec: { hard: { "count/configmaps": "500" } } },
  limitranges: { spec: { limits: [{ type: "Container", default: { cpu: "200m" } }] } },
  nodes: { status: { capacity: { cpu: "4", memory: "8Gi", pods: "110" } } },
  priorityclasses: { value: 100 },
  storageclasses: { provisioner: "kubesim.dev/simulated" },
  nodefaults: { spec: { nodeName: "node-1", fault: "node-crash" } },
};

const TEXTS = [
  "",
  "a",
  "web",
  "Always",
  "Never",
  "OnFailure",
  "In",
  "Exists",
  "DoNotSchedule",
  "RollingUpdate",
  "OnDelete",
];
const MORE_TEXTS = [
  "kubernetes.io/hostname",
  "1h",
  "PT1S",
  "http",
  "TCP",
  "Percent",
  "Pods",
  "node-1",
  "é",
  "10.0.0.1",
];

/** A value of the field's own type, small and often plausible; wrong ones have their own tests. */
function anyValue(field: FieldSchema, random: Random, depth: number): unknown {
  const pick = <T>(values: readonly T[]) => values[random.below(values.length)] as T;
  switch (field.type) {
    case "string":
      return pick([...TEXTS, ...MORE_TEXTS]);
    case "boolean":
      return random.below(2) === 0;
    case "integer":
    case "number":
      return pick([-1, 0, 1, 2, 5, 100, 2_147_483_647]);
    case "quantity":
      return pick(["0", "1", "100m", "1Gi", "-1", "9999999"]);
    case "int-or-string":
      return pick([0, 1, 3, "50%", "100%", "http"]);
    case "time":
    case "micro-time":
      return pick(["2025-01-01T00:00:00Z", "1999-12-31T23:59:59Z", "2400-01-01T00:00:00Z"]);
    case "any":
      return pick<unknown>([{}, [], "text", { a: { b: [1] } }]);
    case "array":
      return Array.from({ length: random.below(3) }, () =>
        anyValue(field.items as FieldSchema, random, depth - 1),
      );
    case "map":
      return Object.fromEntries(
        Array.from({ length: random.below(3) }, () => [
          pick(["cpu", "app", "a"]),
          anyValue(field.values as FieldSchema, random, depth - 1),
        ]),
      );
    case "object":
      return depth <= 0 ? {} : someFields(field.ref, random, depth);
  }
}

function someFields(type: string | undefined, random: Random, depth: number): Json {
  const fields = [...(objectType(type ?? "")?.fields ?? [])];
  return Object.fromEntries(
    fields
      .filter(([, field]) => field.required || random.below(3) === 0)
      .map(([name, field]) => [name, anyValue(field, random, depth - 1)]),
  );
}

/** Walks down into the object by chance and leaves something strange there. */
function disturb(value: Json, type: string | undefined, random: Random): void {
  const fields = [...(objectType(type ?? "")?.fields ?? [])].filter(
    ([name]) => !["apiVersion", "kind", "name", "namespace", "managedFields"].includes(name),
  );
  if (fields.length === 0) return;
  const [name, field] = fields[random.below(fields.length)] as [string, FieldSchema];
  const inner = Array.isArray(value[name]) ? value[name][0] : value[name];
  const ref = field.ref ?? field.items?.ref;
  const deeper = ref !== undefined && typeof inner === "object" && inner !== null && random.below(10) > 0;
  if (deeper) disturb(inner, ref, random);
  else value[name] = anyValue(field, random, 4);
}

it("a living cluster survives whatever its API accepts, and answers no 5xx", async () => {
  const random = createRandom(SEED);
  const defects: string[] = [];
  const onError = (message: string, error: unknown) =>
    void defects.push(`${message}: ${(error as Error)?.stack ?? error}`);
  await using cluster = await startCluster({ time: "virtual", nodes: 3, seed: SEED, onError });
  const send = async (method: string, path: string, body?: Json, type = "application/json") => {
    const headers = { "content-type": type };
    const response = await cluster.fetch(path, {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.status >= 500) defects.push(`${method} ${path} ${JSON.stringify(body)}: ${text}`);
    return response.status;
  };
  const kinds = KINDS.filter(({ readOnly, plural }) => readOnly !== true && plural !== "namespaces");
  const alive = kinds.filter(({ plural }) => plural in ALIVE);
  const answers = new Map<number, number>();
  for (let turn = 1; turn <= OBJECTS; turn++) {
    const kind = (
      random.below(5) > 0 ? alive[random.below(alive.length)] : kinds[random.below(kinds.length)]
    ) as Kind;
    const name = ["a", "b", "c", "d"][random.below(4)] as string;
    const object: Json = structuredClone({
      apiVersion: apiVersionOf(kind),
      kind: kind.kind,
      metadata: { name },
      ...ALIVE[kind.plural],
    });
    object.metadata = { ...object.metadata, name };
    for (let change = random.below(4); change > 0; change--) disturb(object, kind.schema, random);
    const path = `${collectionOf(kind)}/${name}`;
    const way = random.below(10);
    const status = await (way < 6
      ? send("POST", collectionOf(kind), object)
      : way < 8
        ? send("PATCH", path, object, "application/merge-patch+json")
        : way < 9
          ? send("PATCH", `${path}?fieldManager=strange&force=true`, object, "application/apply-patch+yaml")
          : send("DELETE", path));
    answers.set(status, (answers.get(status) ?? 0) + 1);
    if (turn % REQUESTS_PER_STEP === 0) await cluster.clock.advance("2m");
    expect(defects, `seed ${SEED}, request ${turn}`).toEqual([]);
  }
  expect((answers.get(201) ?? 0) / OBJECTS).toBeGreaterThan(0.1);
  // It still works.
  await send("POST", "/api/v1/namespaces", { metadata: { name: "calm" } });
  await cluster.addNodes({ prefix: "calm", count: 1, taints: [] });
  await cluster.clock.advance("1m");
  const wanted = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "calm" },
    spec: { ...template.spec, nodeName: "calm-1" },
  };
  expect(await send("POST", "/api/v1/namespaces/calm/pods", wanted)).toBe(201);
  await cluster.clock.advance("2m");
  expect(await (await cluster.fetch("/api/v1/namespaces/calm/pods/calm")).json()).toMatchObject({
    status: { phase: "Running" },
  });
  expect(defects).toEqual([]);
});

function collectionOf(kind: Kind): string {
  const root = kind.group === "" ? `/api/${kind.version}` : `/apis/${apiVersionOf(kind)}`;
  return `${root}/${kind.namespaced ? "namespaces/default/" : ""}${kind.plural}`;
}
