import { describe, expect, it } from "vitest";
import { type Container, type Pod, type PodSpec, pods } from "./pod.ts";
import { setPodDefaults } from "./pod-defaults.ts";

const draft = (spec: object): Pod =>
  ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p" },
    spec: { containers: [{ name: "c" }], ...spec },
  }) as unknown as Pod;
const defaulted = (spec: object): PodSpec => setPodDefaults(draft(spec)).spec;
const containerOf = (container: Partial<Container>): Container =>
  defaulted({ containers: [{ name: "c", ...container }] }).containers[0] as Container;
const qosOf = (resources: Container["resources"]): string | undefined =>
  pods.prepareForCreate?.(draft({ containers: [{ name: "c", resources }] }), 0).status.qosClass;

describe("defaults of a pod", () => {
  it("are Kubernetes'", () => {
    expect(defaulted({ containers: [{ name: "c", image: "nginx:1.25" }] })).toEqual({
      restartPolicy: "Always",
      terminationGracePeriodSeconds: 30,
      dnsPolicy: "ClusterFirst",
      schedulerName: "default-scheduler",
      enableServiceLinks: true,
      securityContext: {},
      containers: [
        {
          name: "c",
          image: "nginx:1.25",
          imagePullPolicy: "IfNotPresent",
          terminationMessagePath: "/dev/termination-log",
          terminationMessagePolicy: "File",
          resources: {},
        },
      ],
    });
  });

  it("leave alone what is given", () => {
    const given = {
      restartPolicy: "Never",
      terminationGracePeriodSeconds: 0,
      schedulerName: "mine",
      dnsPolicy: "None",
    };
    expect(defaulted(given)).toMatchObject(given);
    expect(containerOf({ imagePullPolicy: "Never", image: "a" }).imagePullPolicy).toBe("Never");
  });

  it("change nothing the second time", () => {
    const once = pods.setDefaults?.(
      draft({
        containers: [{ name: "c", ports: [{ containerPort: 1 }], livenessProbe: { httpGet: { port: 1 } } }],
        initContainers: [{ name: "i" }],
        volumes: [{ name: "v" }, { name: "s", secret: { secretName: "s" } }],
      }),
    ) as Pod;
    expect(pods.setDefaults?.(once)).toBe(once);
  });

  it.each([
    ["nginx", "Always"],
    ["nginx:latest", "Always"],
    ["nginx:1.25", "IfNotPresent"],
    ["registry:5000/nginx", "Always"],
    ["registry:5000/nginx:1", "IfNotPresent"],
    ["nginx@sha256:abc", "IfNotPresent"],
  ])("pull %s %s", (image, policy) => {
    expect(containerOf({ image }).imagePullPolicy).toBe(policy);
  });

  it("take limits for requests that are not given", () => {
    expect(
      containerOf({ resources: { limits: { cpu: "1", memory: "1Gi" }, requests: { cpu: "500m" } } })
        .resources,
    ).toEqual({
      limits: { cpu: "1", memory: "1Gi" },
      requests: { cpu: "500m", memory: "1Gi" },
    });
  });

  it("complete ports, probes and volumes", () => {
    expect(containerOf({ ports: [{ containerPort: 80 }] }).ports).toEqual([
      { containerPort: 80, protocol: "TCP" },
    ]);
    expect(containerOf({ livenessProbe: { httpGet: {}, periodSeconds: 5 } }).livenessProbe).toEqual({
      httpGet: { path: "/", scheme: "HTTP" },
      timeoutSeconds: 1,
      periodSeconds: 5,
      successThreshold: 1,
      failureThreshold: 3,
    });
    expect(defaulted({ volumes: [{ name: "a" }, { name: "b", configMap: { name: "x" } }] }).volumes).toEqual([
      { name: "a", emptyDir: {} },
      { name: "b", configMap: { name: "x", defaultMode: 420 } },
    ]);
  });
});

describe("what is left out within a pod", () => {
  it("hooks ask for / over HTTP, as probes do; what is 0 or empty is as if it were not given", () => {
    const lifecycle = { preStop: { httpGet: { port: 80 } }, postStart: { exec: { command: ["a"] } } };
    expect(containerOf({ lifecycle } as object).lifecycle).toEqual({
      preStop: { httpGet: { port: 80, path: "/", scheme: "HTTP" } },
      postStart: { exec: { command: ["a"] } },
    });
    const livenessProbe = { httpGet: { path: "", scheme: "HTTPS" }, timeoutSeconds: 0 };
    expect(containerOf({ livenessProbe }).livenessProbe).toMatchObject({
      httpGet: { path: "/", scheme: "HTTPS" },
      timeoutSeconds: 1,
    });
    expect(containerOf({ startupProbe: { grpc: {} } }).startupProbe?.grpc).toEqual({ service: "" });
  });

  it("fields of the pod have a version, tokens a time and directories of the node no type", () => {
    const valueFrom = { fieldRef: { fieldPath: "metadata.name" } };
    expect(containerOf({ env: [{ name: "A", valueFrom }] }).env).toEqual([
      { name: "A", valueFrom: { fieldRef: { fieldPath: "metadata.name", apiVersion: "v1" } } },
    ]);
    const items = [{ path: "a", fieldRef: { fieldPath: "metadata.name" } }];
    const volumes = [
      { name: "a", downwardAPI: { items } },
      {
        name: "b",
        projected: { sources: [{ serviceAccountToken: { path: "t" } }, { downwardAPI: { items } }] },
      },
      { name: "c", hostPath: { path: "/data" } },
    ];
    const complete = [{ path: "a", fieldRef: { fieldPath: "metadata.name", apiVersion: "v1" } }];
    expect(defaulted({ volumes }).volumes).toEqual([
      { name: "a", downwardAPI: { defaultMode: 420, items: complete } },
      {
        name: "b",
        projected: {
          defaultMode: 420,
          sources: [
            { serviceAccountToken: { path: "t", expirationSeconds: 3_600 } },
            { downwardAPI: { items: complete } },
          ],
        },
      },
      { name: "c", hostPath: { path: "/data", type: "" } },
    ]);
  });

  it("ports of a pod in its node's network are the node's", () => {
    const containers = [{ name: "c", ports: [{ containerPort: 80 }] }];
    expect(defaulted({ hostNetwork: true, containers }).containers[0]?.ports).toEqual([
      { containerPort: 80, hostPort: 80, protocol: "TCP" },
    ]);
  });
});

describe("a new pod", () => {
  it("is Pending whatever status it came with", () => {
    const sent = { ...draft({}), status: { phase: "Running" as const, podIP: "1.2.3.4" } };
    expect(pods.prepareForCreate?.(sent, 0).status).toEqual({ phase: "Pending", qosClass: "BestEffort" });
  });

  it("has the quality of service of its requests", () => {
    const all = { cpu: "1", memory: "1Gi" };
    expect(qosOf(undefined)).toBe("BestEffort");
    expect(qosOf({ requests: { "nvidia.com/gpu": "1" } })).toBe("BestEffort");
    expect(qosOf({ requests: { cpu: "1" } })).toBe("Burstable");
    expect(qosOf({ limits: { cpu: "1" } })).toBe("Burstable");
    expect(qosOf({ limits: all })).toBe("Guaranteed");
    expect(qosOf({ limits: all, requests: { cpu: "1000m", memory: "1024Mi" } })).toBe("Guaranteed");
    expect(qosOf({ limits: all, requests: { cpu: "500m" } })).toBe("Burstable");
  });
});

describe("the grace of a deletion", () => {
  const graceOf = (spec: object, phase = "Running"): number | undefined =>
    pods.deletionGraceSeconds?.({ ...draft(spec), status: { phase } } as Pod);

  it("is the pod's own while it is on a node, and none otherwise", () => {
    expect(graceOf({ nodeName: "n", terminationGracePeriodSeconds: 7 })).toBe(7);
    expect(graceOf({ nodeName: "n" })).toBe(30);
    expect(graceOf({ terminationGracePeriodSeconds: 7 }, "Pending")).toBe(0);
    expect(graceOf({ nodeName: "n", terminationGracePeriodSeconds: 7 }, "Succeeded")).toBe(0);
  });
});
