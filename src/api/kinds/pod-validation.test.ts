import { describe, expect, it } from "vitest";
import { type Pod, pods } from "./pod.ts";

const pod = (spec: object = {}, metadata: object = {}): Pod =>
  pods.setDefaults?.({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p", namespace: "default", ...metadata },
    spec: { containers: [{ name: "c" }], ...spec },
    status: { phase: "Pending" },
  } as unknown as Pod) as Pod;
const faults = (object: Pod, old?: Pod): string[] =>
  (pods.validate?.(object, old) ?? []).map(({ field, message }) => `${field}: ${message}`);
const resources = (requests: object, limits?: object) => ({
  containers: [{ name: "c", resources: { requests, ...(limits && { limits }) } }],
});

const probed = (container: object) => ({ containers: [{ name: "c", ...container }] });

describe("a new pod", () => {
  it("is taken when all is right", () => {
    const complete = pod(
      {
        containers: [
          {
            name: "a",
            image: "x",
            resources: { limits: { cpu: "1", "nvidia.com/gpu": "1" } },
            ports: [{ containerPort: 80 }],
          },
        ],
        initContainers: [{ name: "i", restartPolicy: "Always" }],
        tolerations: [
          { operator: "Exists" },
          { key: "a", value: "b", effect: "NoExecute", tolerationSeconds: 3 },
        ],
        nodeSelector: { "topology.kubernetes.io/zone": "a" },
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [
                {
                  matchExpressions: [
                    { key: "a", operator: "In", values: ["b"] },
                    { key: "c", operator: "Exists" },
                  ],
                  matchFields: [{ key: "metadata.name", operator: "In", values: ["node-1"] }],
                },
              ],
            },
          },
        },
      },
      { labels: { app: "web" }, annotations: { "kubesim.dev/duration": "30s" } },
    );
    expect(faults(complete)).toEqual([]);
  });

  it.each<[object, string]>([
    [{ containers: [] }, "spec.containers: Required value"],
    [{ containers: [{ name: "" }] }, "spec.containers[0].name: Required value"],
    [{ containers: [{ name: "a" }, { name: "a" }] }, 'spec.containers[1].name: Duplicate value: "a"'],
    [{ initContainers: [{ name: "c" }] }, 'spec.initContainers[0].name: Duplicate value: "c"'],
    [
      { restartPolicy: "Sometimes" },
      'spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"',
    ],
    [
      { activeDeadlineSeconds: 0 },
      "spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive",
    ],
    [
      resources({ cpu: "-1" }),
      'spec.containers[0].resources.requests[cpu]: Invalid value: "-1": must be greater than or equal to 0',
    ],
    [
      resources({ cpu: "2" }, { cpu: "1" }),
      'spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
    ],
    [
      resources({ "nvidia.com/gpu": "1" }),
      "spec.containers[0].resources.limits: Required value: Limit must be set for non overcommitable resources",
    ],
    [
      resources({ "nvidia.com/gpu": "1" }, { "nvidia.com/gpu": "2" }),
      'spec.containers[0].resources.requests: Invalid value: "1": must be equal to nvidia.com/gpu limit of 2',
    ],
    [
      resources({ "nvidia.com/gpu": "500m" }, { "nvidia.com/gpu": "500m" }),
      'spec.containers[0].resources.limits[nvidia.com/gpu]: Invalid value: "500m": must be an integer',
    ],
    [
      resources({ gpu: "1" }),
      'spec.containers[0].resources.requests[gpu]: Invalid value: "gpu": ' +
        "must be a standard resource type or fully qualified",
    ],
    [
      { containers: [{ name: "c", ports: [{ containerPort: 70_000 }] }] },
      "spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive",
    ],
    [
      { tolerations: [{ key: "a", operator: "Equal", effect: "NoSchedule", tolerationSeconds: 1 }] },
      'spec.tolerations[0].effect: Invalid value: "NoSchedule": ' +
        "effect must be 'NoExecute' when `tolerationSeconds` is set",
    ],
    [
      { tolerations: [{ operator: "Equal" }] },
      'spec.tolerations[0].operator: Invalid value: "Equal": operator must be Exists when `key` is empty, ' +
        'which means "match all values and all keys"',
    ],
    [
      { tolerations: [{ key: "a", operator: "Like" }] },
      'spec.tolerations[0].operator: Unsupported value: "Like": supported values: "Equal", "Exists"',
    ],
    [
      { tolerations: [{ key: "a", effect: "Never" }] },
      'spec.tolerations[0].effect: Unsupported value: "Never": ' +
        'supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
    ],
    [probed({ livenessProbe: {} }), "livenessProbe: Required value: must specify a handler type"],
    [
      probed({ livenessProbe: { tcpSocket: { port: 80 }, exec: { command: ["a"] } } }),
      "livenessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type",
    ],
    [
      probed({ startupProbe: { httpGet: { path: "/", port: 0 }, periodSeconds: -1 } }),
      "startupProbe.httpGet.port: Invalid value: 0: must be between 1 and 65535, inclusive",
    ],
    [
      probed({ startupProbe: { exec: { command: ["a"] }, periodSeconds: -1 } }),
      "startupProbe.periodSeconds: Invalid value: -1: must be greater than or equal to 0",
    ],
    [
      probed({ readinessProbe: { tcpSocket: { port: 1 }, terminationGracePeriodSeconds: 3 } }),
      "readinessProbe.terminationGracePeriodSeconds: Invalid value: 3: must not be set for readinessProbes",
    ],
    [
      probed({ livenessProbe: { tcpSocket: { port: 1 }, successThreshold: 2 } }),
      "livenessProbe.successThreshold: Invalid value: 2: must be 1",
    ],
    [
      probed({ lifecycle: { preStop: {} } }),
      "lifecycle.preStop: Required value: must specify a handler type",
    ],
    [
      { initContainers: [{ name: "i", readinessProbe: { tcpSocket: { port: 1 } } }] },
      "spec.initContainers[0].readinessProbe: Forbidden: " +
        "may not be set for init containers without restartPolicy=Always",
    ],
    [
      probed({ volumeMounts: [{ name: "data", mountPath: "/data" }] }),
      'volumeMounts[0].name: Not found: "data"',
    ],
    [
      {
        volumes: [{ name: "v" }, { name: "v", emptyDir: {}, secret: { secretName: "s" } }],
        containers: [
          {
            name: "c",
            volumeMounts: [
              { name: "v", mountPath: "/a" },
              { name: "v", mountPath: "/a" },
            ],
          },
        ],
      },
      'spec.containers[0].volumeMounts[1].mountPath: Invalid value: "/a": must be unique',
    ],
    [{ volumes: [{ name: "v" }, { name: "v" }] }, 'spec.volumes[1].name: Duplicate value: "v"'],
    [
      { volumes: [{ name: "v", emptyDir: {}, secret: { secretName: "s" } }] },
      "spec.volumes[0].secret: Forbidden: may not specify more than 1 volume type",
    ],
  ])("is refused for %j", (spec, fault) => {
    expect(faults(pod(spec)).join("\n")).toContain(fault);
  });

  it.each<[object, RegExp]>([
    [
      { key: "a", operator: "In" },
      /matchExpressions\[0\]\.values: Required value: must be specified when `operator` is 'In'/,
    ],
    [
      { key: "a", operator: "Exists", values: ["b"] },
      /matchExpressions\[0\]\.values: Forbidden: may not be specified/,
    ],
    [
      { key: "a", operator: "Gt", values: [] },
      /matchExpressions\[0\]\.values: Required value: must be specified single value/,
    ],
    [
      { key: "a", operator: "Is" },
      /matchExpressions\[0\]\.operator: Invalid value: "Is": not a valid selector operator/,
    ],
    [{ operator: "Exists" }, /matchExpressions\[0\]\.key: Invalid value: "": name part must be non-empty/],
  ])("is refused for the node affinity %j", (expression, fault) => {
    const terms = { nodeSelectorTerms: [{ matchExpressions: [expression] }] };
    const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: terms };
    expect(faults(pod({ affinity: { nodeAffinity } })).join()).toMatch(fault);
  });

  it("is refused for a node affinity that names no term, or weighs too much", () => {
    const required = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } };
    expect(faults(pod({ affinity: { nodeAffinity: required } })).join()).toMatch(
      /must have at least one node selector term/,
    );
    const preferred = { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 101, preference: {} }] };
    expect(faults(pod({ affinity: { nodeAffinity: preferred } })).join()).toMatch(
      /must be in the range 1-100/,
    );
  });

  it("is refused for a name, label or annotation that is none", () => {
    expect(faults(pod({}, { name: "Web_1" })).join()).toMatch(
      /^metadata\.name: Invalid value: "Web_1": a lowercase RFC 1123 subdomain/,
    );
    expect(faults(pod({}, { labels: { "a b": "c" } })).join()).toMatch(
      /^metadata\.labels: Invalid value: "a b": name part/,
    );
    expect(faults(pod({}, { labels: { a: "-" } })).join()).toMatch(
      /^metadata\.labels: Invalid value: "-": a valid label/,
    );
    expect(faults(pod({}, { annotations: { a: "x".repeat(262_144) } }))).toEqual([
      "metadata.annotations: Too long: may not be more than 262144 bytes",
    ]);
    expect(faults(pod({}, { finalizers: ["mine"] })).join()).toMatch(/neither a standard finalizer name nor/);
    const owner = { apiVersion: "v1", kind: "Node", name: "n", uid: "1", controller: true };
    expect(faults(pod({}, { ownerReferences: [owner, { ...owner, uid: "2" }] })).join()).toMatch(
      /Only one reference/,
    );
  });
});

describe("an existing pod", () => {
  const old = pod({
    containers: [{ name: "c", image: "a:1" }],
    tolerations: [{ key: "a", operator: "Exists" }],
  });
  const changed = (spec: object): Pod => ({ ...old, spec: { ...old.spec, ...spec } });

  it("may get other images, more tolerations, a deadline and other labels", () => {
    expect(faults(changed({ containers: [{ ...old.spec.containers[0], image: "a:2" }] }), old)).toEqual([]);
    expect(
      faults(
        changed({
          tolerations: [
            { key: "a", operator: "Exists" },
            { key: "b", operator: "Exists" },
          ],
        }),
        old,
      ),
    ).toEqual([]);
    expect(faults(changed({ activeDeadlineSeconds: 5 }), old)).toEqual([]);
    expect(faults({ ...old, metadata: { ...old.metadata, labels: { a: "b" } } }, old)).toEqual([]);
  });

  it.each<[object]>([
    [{ nodeName: "node-1" }],
    [{ nodeSelector: { a: "b" } }],
    [{ containers: [{ ...old.spec.containers[0], resources: { requests: { cpu: "1" } } }] }],
    [{ priority: 7 }],
    [{ terminationGracePeriodSeconds: 5 }],
  ])("may not change %j", (spec) => {
    expect(faults(changed(spec), old)).toEqual([
      "spec: Forbidden: pod updates may not change fields other than " +
        "`spec.containers[*].image`,`spec.initContainers[*].image`," +
        "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations)," +
        "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)",
    ]);
  });

  it("may not lose a toleration, change its containers, get a gate or a later deadline", () => {
    expect(faults(changed({ tolerations: [] }), old).join()).toMatch(
      /existing toleration can not be modified/,
    );
    expect(faults(changed({ containers: [{ name: "c" }, { name: "d" }] }), old)).toEqual([
      "spec.containers: Forbidden: pod updates may not add or remove containers",
    ]);
    expect(faults(changed({ schedulingGates: [{ name: "g" }] }), old).join()).toMatch(
      /only deletion is allowed/,
    );
    const before = changed({ activeDeadlineSeconds: 5 });
    expect(faults(changed({ activeDeadlineSeconds: 6 }), before).join()).toMatch(
      /less than or equal to previous value/,
    );
    expect(faults(old, before).join()).toMatch(/must not update from a positive integer to nil value/);
  });
});
