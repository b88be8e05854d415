import { describe, expect, it } from "vitest";
import { deployments } from "../../src/api/kinds/deployment.ts";
import { ingresses } from "../../src/api/kinds/ingress.ts";
import { persistentVolumes } from "../../src/api/kinds/persistent-volume.ts";
import { persistentVolumeClaims } from "../../src/api/kinds/persistent-volume-claim.ts";
import { pods } from "../../src/api/kinds/pod.ts";
import { services } from "../../src/api/kinds/service.ts";
import { statefulSets } from "../../src/api/kinds/stateful-set.ts";
import { storageClasses } from "../../src/api/kinds/storage-class.ts";
import { createInMemoryServer, type Json } from "../in-memory-server.ts";
import { subject } from "./changes.ts";

const HIDDEN = 'env[1]: hides previous definition of "A", which may be dropped when using apply';

/** What a writer is told who is not refused. */
async function told(kind: unknown, change: (object: Json) => void, query = ""): Promise<string[]> {
  const server = await createInMemoryServer();
  const { collection, sound } = subject(kind);
  const object = JSON.parse(JSON.stringify(sound));
  change(object);
  const headers = { "content-type": "application/json" };
  const init = { method: "POST", body: JSON.stringify(object), headers };
  const response = await server.fetch(collection + query, init);
  expect(response.status).toBe(201);
  const header = response.headers.get("warning") ?? "";
  return [...header.matchAll(/299 - "((?:[^"\\]|\\.)*)"/g)].map(([, text]) =>
    (text as string).replaceAll("\\", ""),
  );
}

describe("what is taken and hardly meant", () => {
  it.each<[string, (spec: Json) => void, string]>([
    [
      "thousandths of bytes",
      (spec) => {
        spec.containers[0].resources = { requests: { memory: "512m" } };
      },
      'spec.containers[0].resources.requests[memory]: fractional byte value "512m" is invalid, must be an integer',
    ],
    [
      "a variable given twice",
      (spec) => {
        spec.containers[0].env = [{ name: "A" }, { name: "A", value: "1" }];
      },
      `spec.containers[0].${HIDDEN}`,
    ],
    [
      "a grace period of less than nothing",
      (spec) => {
        spec.terminationGracePeriodSeconds = -1;
      },
      "spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1",
    ],
    [
      "a label of old",
      (spec) => {
        spec.nodeSelector = { "beta.kubernetes.io/os": "linux" };
      },
      'spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead',
    ],
    [
      "an old label in an affinity",
      (spec) => {
        const key = "failure-domain.beta.kubernetes.io/zone";
        const term = { matchExpressions: [{ key, operator: "Exists" }] };
        spec.affinity = {
          nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } },
        };
      },
      "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0]" +
        ".matchExpressions[0].key: failure-domain.beta.kubernetes.io/zone is deprecated since v1.17; use " +
        '"topology.kubernetes.io/zone" instead',
    ],
    [
      "affinity to no pod",
      (spec) => {
        const podAffinityTerm = { topologyKey: "zone" };
        spec.affinity = {
          podAntiAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm }],
          },
        };
      },
      "spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm" +
        ".labelSelector: a null labelSelector results in matching no pod",
    ],
    [
      "a spread over no pods",
      (spec) => {
        const whenUnsatisfiable = "DoNotSchedule";
        spec.topologySpreadConstraints = [{ maxSkew: 1, topologyKey: "zone", whenUnsatisfiable }];
      },
      "spec.topologySpreadConstraints[0].labelSelector: a null labelSelector results in matching no pod",
    ],
    [
      "a volume of old",
      (spec) => {
        spec.volumes = [{ name: "code", gitRepo: { repository: "r" } }];
      },
      "spec.volumes[0].gitRepo: deprecated in v1.11, and disabled by default in v1.33+",
    ],
    [
      "two files in one place",
      (spec) => {
        const items = ["a", "b"].map((key) => ({ key, path: "same" }));
        spec.volumes = [{ name: "config", configMap: { name: "c", items } }];
      },
      'volume "config" (ConfigMap "c"): overlapping paths: "same" with "same"',
    ],
    [
      "two sources in one place",
      (spec) => {
        const at = (path: string) => ({ name: "s", items: [{ key: "k", path }] });
        const sources = [{ configMap: at("dir") }, { secret: at("dir/file") }];
        spec.volumes = [{ name: "all", projected: { sources } }];
      },
      'volume "all" (Projected Secret "s"): overlapping paths: "dir/file" with "dir"',
    ],
    [
      "an alias twice",
      (spec) => {
        spec.hostAliases = ["a", "b"].map((host) => ({ ip: "10.0.0.1", hostnames: [host] }));
      },
      'spec.hostAliases[1].ip: duplicate ip "10.0.0.1"',
    ],
    [
      "a secret without a name",
      (spec) => {
        spec.imagePullSecrets = [{ name: "" }];
      },
      'spec.imagePullSecrets[0].name: invalid empty name ""',
    ],
    [
      "a port twice",
      (spec) => {
        spec.containers[0].ports = [{ containerPort: 80 }, { containerPort: 80 }];
      },
      "spec.containers[0].ports[1]: duplicate port definition with spec.containers[0].ports[0]",
    ],
    [
      "an address without its port",
      (spec) => {
        spec.containers[0].ports = [{ name: "http", containerPort: 80, hostIP: "10.0.0.1" }];
      },
      "spec.containers[0].ports[0]: hostIP set without hostPort: " +
        "{Name:http HostPort:0 ContainerPort:80 Protocol:TCP HostIP:10.0.0.1}",
    ],
  ])("is told: %s", async (_, change, warning) => {
    expect(await told(pods, ({ spec }) => change(spec), "?fieldValidation=Strict")).toEqual([warning]);
    expect(await told(deployments, ({ spec }) => change(spec.template.spec))).toEqual([
      warning.replaceAll("spec.", "spec.template.spec."),
    ]);
  });

  it("is told of annotations that have become fields, unless the fields are there", async () => {
    const key = "container.seccomp.security.alpha.kubernetes.io/main";
    const annotate = (object: Json) => {
      object.metadata.annotations = { [key]: "runtime/default" };
    };
    expect(await told(pods, annotate)).toEqual([
      `metadata.annotations[${key}]: non-functional in v1.27+; use the "seccompProfile" field instead`,
    ]);
    const both = (object: Json) => {
      annotate(object);
      object.spec.containers[0].securityContext = { seccompProfile: { type: "RuntimeDefault" } };
    };
    expect(await told(pods, both)).toEqual([]);
  });

  it("is not told of a variable that builds on the one before", async () => {
    const build = ({ spec }: Json) => {
      spec.containers[0].env = [
        { name: "A", value: "1" },
        { name: "A", value: "$(A)2" },
      ];
    };
    expect(await told(pods, build)).toEqual([]);
  });

  it("is told of names that are no part of a hostname", async () => {
    const advice =
      "which can result in surprising behavior; a DNS label is recommended: [must not contain dots]";
    const dotted = (object: Json) => {
      object.metadata.name = "web.a";
    };
    expect(await told(pods, dotted)).toEqual([
      `metadata.name: this is used in the Pod's hostname, ${advice}`,
    ]);
    expect(await told(deployments, dotted)).toEqual([
      `metadata.name: this is used in Pod names and hostnames, ${advice}`,
    ]);
  });

  it("is told of what services and ingresses do not heed", async () => {
    const headless = ({ spec }: Json) =>
      Object.assign(spec, { clusterIP: "None", sessionAffinity: "ClientIP" });
    expect(await told(services, headless)).toEqual(["spec.SessionAffinity is ignored for headless services"]);
    const named = ({ spec }: Json) => Object.assign(spec, { externalName: "a.example.com" });
    expect(await told(services, named)).toEqual([
      'spec.externalName is ignored when spec.type is not "ExternalName"',
    ]);
    const classed = ({ metadata }: Json) => {
      metadata.annotations = { "kubernetes.io/ingress.class": "nginx" };
    };
    expect(await told(ingresses, classed)).toEqual([
      "annotation \"kubernetes.io/ingress.class\" is deprecated, please use 'spec.ingressClassName' instead",
    ]);
  });

  it("is told of what is old in storage, and of thousandths of bytes", async () => {
    const bytes = 'fractional byte value "1500m" is invalid, must be an integer';
    const ask = (spec: Json) => {
      spec.resources = { requests: { storage: "1500m" } };
    };
    expect(await told(persistentVolumeClaims, ({ spec }) => ask(spec))).toEqual([
      `spec.resources.requests[storage]: ${bytes}`,
    ]);
    expect(await told(statefulSets, ({ spec }) => ask(spec.volumeClaimTemplates[0].spec))).toEqual([
      `spec.volumeClaimTemplates[0].resources.requests[storage]: ${bytes}`,
    ]);
    const recycled = (object: Json) => {
      object.metadata.annotations = { "volume.beta.kubernetes.io/storage-class": "fast" };
      object.spec.persistentVolumeReclaimPolicy = "Recycle";
    };
    expect(await told(persistentVolumes, recycled)).toEqual([
      'metadata.annotations[volume.beta.kubernetes.io/storage-class]: deprecated since v1.8; use "storageClassName" ' +
        "attribute instead",
      "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended " +
        "approach " +
        "is to use dynamic provisioning.",
    ]);
    const key = "failure-domain.beta.kubernetes.io/zone";
    const zoned = (object: Json) => {
      object.allowedTopologies = [{ matchLabelExpressions: [{ key, values: ["a"] }] }];
    };
    expect(await told(storageClasses, zoned)).toEqual([
      "allowedTopologies[0].matchLabelExpressions[0].key: deprecated since v1.17; use " +
        '"topology.kubernetes.io/zone" instead',
    ]);
  });

  it("is told of fields that nobody knows, unless that is not wanted", async () => {
    const misspell = (object: Json) => {
      object.spec.containers[0].imagee = "nginx";
    };
    const unknown = ['unknown field "spec.containers[0].imagee"'];
    expect(await told(pods, misspell)).toEqual(unknown);
    expect(await told(pods, misspell, "?fieldValidation=Warn")).toEqual(unknown);
    expect(await told(pods, misspell, "?fieldValidation=Ignore")).toEqual([]);
  });
});
