import { describe, expect, it } from "vitest";
import { type Service, type ServiceSpec, services } from "./service.ts";

function made(spec: object): Service {
  const sent = { metadata: { name: "web" }, spec, status: {} } as unknown as Service;
  return services.setDefaults?.(sent) as Service;
}
function faults(service: Service, old?: Service): string[] {
  return (services.validate?.(service, old) ?? []).map(({ field, message }) => `${field}: ${message}`);
}
const ports = [{ port: 80 }];

describe("a Service", () => {
  it("has Kubernetes' defaults", () => {
    expect(made({ ports }).spec).toEqual({
      type: "ClusterIP",
      sessionAffinity: "None",
      ports: [{ port: 80, protocol: "TCP", targetPort: 80 }],
      internalTrafficPolicy: "Cluster",
      ipFamilies: ["IPv4"],
      ipFamilyPolicy: "SingleStack",
    });
    expect(made({ ports, type: "LoadBalancer", sessionAffinity: "ClientIP" }).spec).toMatchObject({
      externalTrafficPolicy: "Cluster",
      allocateLoadBalancerNodePorts: true,
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } },
    });
    const once = made({ ports });
    expect(services.setDefaults?.(once)).toBe(once);
  });

  it.each<[string, object, string[]]>([
    ["no ports", {}, ["spec.ports: Required value"]],
    ["a headless one without ports", { clusterIP: "None", clusterIPs: ["None"] }, []],
    ["a name without a name", { type: "ExternalName" }, ["spec.externalName: Required value"]],
    [
      "a type that is none",
      { ports, type: "Cloud" },
      [
        'spec.type: Unsupported value: "Cloud": supported values: ' +
          '"ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
      ],
    ],
    [
      "ports without names, one of them twice",
      { ports: [{ port: 80 }, { port: 80, name: "b" }] },
      [
        "spec.ports[0].name: Required value",
        'spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":80,' +
          '"TargetPort":0,"NodePort":0}',
      ],
    ],
    [
      "a port that is none",
      { ports: [{ port: 0, targetPort: 80 }] },
      ["spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive"],
    ],
    [
      "a node port inside",
      { ports: [{ port: 80, nodePort: 30_080 }] },
      ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"],
    ],
  ])("says what is wrong with %s", (_, spec, expected) => {
    expect(faults(made(spec))).toEqual(expected);
  });

  it("keeps its address and has a name that DNS takes", () => {
    const old = made({ ports, clusterIP: "10.96.1.1", clusterIPs: ["10.96.1.1"] });
    const moved = made({ ports, clusterIP: "10.96.1.2", clusterIPs: ["10.96.1.2"] });
    expect(faults(moved, old)).toEqual([
      'spec.clusterIPs[0]: Invalid value: ["10.96.1.2"]: may not change once set',
    ]);
    const named = { ...old, metadata: { ...old.metadata, name: "1st" } };
    expect(faults(named)[0]).toMatch(/^metadata.name: Invalid value: "1st": a DNS-1035 label must consist/);
  });

  it("has Kubernetes' columns", () => {
    const row = (spec: Partial<ServiceSpec>) =>
      services.columns.map(({ cell }) => cell(made(spec), 0)).filter((_, index) => index !== 5);
    expect(
      row({ type: "NodePort", clusterIP: "10.96.1.1", ports: [{ port: 80, nodePort: 30_080 } as never] }),
    ).toEqual(["web", "NodePort", "10.96.1.1", "<none>", "80:30080/TCP", "<none>"]);
    expect(row({ type: "ExternalName", externalName: "a.b", selector: { b: "2", a: "1" } })).toEqual([
      "web",
      "ExternalName",
      "<none>",
      "a.b",
      "<none>",
      "a=1,b=2",
    ]);
    expect(row({ type: "LoadBalancer", ports: [{ port: 80 } as never] })[3]).toBe("<pending>");
  });
});
