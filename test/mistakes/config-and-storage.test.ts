import { configMaps } from "../../src/api/kinds/config-map.ts";
import { limitRanges } from "../../src/api/kinds/limit-range.ts";
import { namespaces } from "../../src/api/kinds/namespace.ts";
import { networkPolicies } from "../../src/api/kinds/network-policy.ts";
import { nodes } from "../../src/api/kinds/node.ts";
import { persistentVolumes } from "../../src/api/kinds/persistent-volume.ts";
import { persistentVolumeClaims } from "../../src/api/kinds/persistent-volume-claim.ts";
import { priorityClasses } from "../../src/api/kinds/priority-class.ts";
import { roleBindings } from "../../src/api/kinds/rbac.ts";
import { resourceQuotas } from "../../src/api/kinds/resource-quota.ts";
import { secrets } from "../../src/api/kinds/secret.ts";
import { storageClasses } from "../../src/api/kinds/storage-class.ts";
import { LABEL, named, parts, spec, subject } from "./changes.ts";
import { mistakesOnCreate, mistakesOnUpdate } from "./mistakes.ts";

const KEY =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or " +
  "'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
const LOCKED = "field is immutable when `immutable` is set";

mistakesOnCreate(subject(namespaces), {
  "an upper case name": [named("Team"), `metadata.name: Invalid value: "Team": ${LABEL}`],
  "a name with a dot": [named("team.a"), 'metadata.name: Invalid value: "team.a": must not contain dots'],
});

mistakesOnCreate(subject(nodes), {
  "a taint that does nothing": [
    spec({ taints: [{ key: "a" }] }),
    "metadata.taints[0].effect: Required value",
  ],
  "a taint that does what there is not": [
    spec({ taints: [{ key: "a", effect: "NoRun" }] }),
    'metadata.taints[0].effect: Unsupported value: "NoRun": supported values: "NoSchedule", "PreferNoSchedule", ' +
      '"NoExecute"',
  ],
  "less than no CPU": [
    parts({ status: { capacity: { cpu: "-4" } } }),
    'status.capacity.cpu: Invalid value: "-4": must be greater than or equal to 0',
  ],
});

mistakesOnCreate(subject(configMaps), {
  "a key with a slash": [parts({ data: { "a/b": "1" } }), `data[a/b]: Invalid value: "a/b": ${KEY}`],
  "a key as text and as bytes": [
    parts({ binaryData: { a: "MQ==" } }),
    'data[a]: Invalid value: "a": duplicate of key present in binaryData',
  ],
  "more than a mebibyte": [
    parts({ data: { a: "x".repeat(1_048_577) } }),
    "[]: Too long: may not be more than 1048576 bytes",
  ],
});
mistakesOnUpdate(
  { ...subject(configMaps), sound: { ...subject(configMaps).sound, immutable: true } },
  {
    "other data": [parts({ data: { a: "2" } }), `data: Forbidden: ${LOCKED}`],
    "no lock any more": [parts({ immutable: false }), `immutable: Forbidden: ${LOCKED}`],
  },
);

mistakesOnCreate(subject(secrets), {
  "a key with a slash": [parts({ data: { "a/b": "MQ==" } }), `data[a/b]: Invalid value: "a/b": ${KEY}`],
  "TLS without its parts": [
    parts({ type: "kubernetes.io/tls" }),
    "data[tls.crt]: Required value",
    "data[tls.key]: Required value",
  ],
  "a registry's login without it": [
    parts({ type: "kubernetes.io/dockerconfigjson" }),
    "data[.dockerconfigjson]: Required value",
  ],
  "basic authentication without anything": [
    parts({ type: "kubernetes.io/basic-auth" }),
    "data[username]: Required value",
    "data[password]: Required value",
  ],
  "a token of nobody": [
    parts({ type: "kubernetes.io/service-account-token" }),
    "metadata.annotations[kubernetes.io/service-account.name]: Required value",
  ],
});
mistakesOnUpdate(subject(secrets), {
  "another type": [
    parts({ type: "example.com/a" }),
    'type: Invalid value: "example.com/a": field is immutable',
  ],
});

mistakesOnCreate(subject(persistentVolumeClaims), {
  "no access modes": [
    spec({ accessModes: [] }),
    "spec.accessModes: Required value: at least 1 access mode is required",
  ],
  "an access mode in short": [
    spec({ accessModes: ["RWO"] }),
    'spec.accessModes: Unsupported value: "RWO": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", ' +
      '"ReadWriteOncePod"',
  ],
  "no size": [spec({ resources: {} }), "spec.resources[storage]: Required value"],
  "a size of 0": [
    spec({ resources: { requests: { storage: "0" } } }),
    'spec.resources[storage]: Invalid value: "0": must be greater than zero',
  ],
  "a volume mode that is none": [
    spec({ volumeMode: "File" }),
    'spec.volumeMode: Unsupported value: "File": supported values: "Block", "Filesystem"',
  ],
  "several, in the order of the sources": [
    spec({ accessModes: ["RWX"], resources: {}, volumeMode: "File" }),
    'spec.accessModes: Unsupported value: "RWX": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", ' +
      '"ReadWriteOncePod"',
    "spec.resources[storage]: Required value",
    'spec.volumeMode: Unsupported value: "File": supported values: "Block", "Filesystem"',
  ],
});
mistakesOnUpdate(subject(persistentVolumeClaims), {
  "more before it is bound": [
    spec({ resources: { requests: { storage: "2Gi" } } }),
    "spec: Forbidden: spec is immutable after creation except resources.requests and " +
      "volumeAttributesClassName for bound " +
      "claims",
  ],
});

mistakesOnCreate(subject(persistentVolumes), {
  "no capacity": [
    spec({ capacity: undefined }),
    "spec.capacity: Required value",
    'spec.capacity: Unsupported value: null: supported values: "storage"',
  ],
  "nothing to hold data": [spec({ hostPath: undefined }), "spec: Required value: must specify a volume type"],
  "two things to hold data": [
    spec({ nfs: { server: "a", path: "/" } }),
    "spec.nfs: Forbidden: may not specify more than 1 volume type",
  ],
  "a local volume anywhere": [
    spec({ hostPath: undefined, local: { path: "/data" } }),
    "spec.nodeAffinity: Required value: Local volume requires node affinity",
  ],
});

mistakesOnCreate(subject(storageClasses), {
  "no provisioner": [parts({ provisioner: "" }), "provisioner: Required value"],
  "a policy that is none": [
    parts({ reclaimPolicy: "Keep" }),
    'reclaimPolicy: Unsupported value: "Keep": supported values: "Delete", "Retain"',
  ],
});
mistakesOnUpdate(subject(storageClasses), {
  "another provisioner": [
    parts({ provisioner: "example.com/other" }),
    "provisioner: Forbidden: updates to provisioner are forbidden.",
  ],
  "other parameters": [
    parts({ parameters: { a: "b" } }),
    "parameters: Forbidden: updates to parameters are forbidden.",
  ],
});

mistakesOnCreate(subject(networkPolicies), {
  "a protocol that is none": [
    spec({ ingress: [{ ports: [{ protocol: "tcp" }] }] }),
    'spec.ingress[0].ports[0].protocol: Unsupported value: "tcp": supported values: "SCTP", "TCP", "UDP"',
  ],
  "nobody at the other end": [
    spec({ ingress: [{ from: [{}] }] }),
    "spec.ingress[0].from[0]: Required value: must specify a peer",
  ],
  "a range that is none": [
    spec({ egress: [{ to: [{ ipBlock: { cidr: "10.0.0.1" } }] }] }),
    'spec.egress[0].to[0].ipBlock.cidr: Invalid value: "10.0.0.1": must be a valid CIDR value, (e.g. 10.9.8.0/24 or ' +
      "2001:db8::/64)",
  ],
  "a direction that is none": [
    spec({ policyTypes: ["In"] }),
    'spec.policyTypes[0]: Unsupported value: "In": supported values: "Egress", "Ingress"',
  ],
});

mistakesOnCreate(subject(resourceQuotas), {
  "a resource that is none": [
    spec({ hard: { gpu: "1" } }),
    'spec.hard[gpu]: Invalid value: "gpu": must be a standard resource type or fully qualified',
    'spec.hard[gpu]: Invalid value: "gpu": must be a standard resource for quota',
  ],
  "less than no pods": [
    spec({ hard: { pods: "-1" } }),
    'spec.hard[pods]: Invalid value: "-1": must be greater than or equal to 0',
  ],
  "half a pod": [
    spec({ hard: { pods: "500m" } }),
    'spec.hard[pods]: Invalid value: "500m": must be an integer',
  ],
});

mistakesOnCreate(subject(limitRanges), {
  "more at least than at most": [
    spec({ limits: [{ type: "Container", min: { cpu: "2" }, max: { cpu: "1" }, default: { cpu: "1" } }] }),
    'spec.limits[0].min[cpu]: Invalid value: "2": min value 2 is greater than max value 1',
    'spec.limits[0].defaultRequest[cpu]: Invalid value: "1": min value 2 is greater than default request value 1',
    'spec.limits[0].default[cpu]: Invalid value: "2": min value 2 is greater than default value 1',
  ],
  "a type that is none": [
    spec({ limits: [{ type: "Deployment" }] }),
    'spec.limits[0].type: Invalid value: "Deployment": must be a standard limit type or fully qualified',
  ],
  "a default for whole pods": [
    spec({ limits: [{ type: "Pod", default: { cpu: "1" } }] }),
    "spec.limits[0].default: Forbidden: may not be specified when `type` is 'Pod'",
  ],
});

mistakesOnCreate(subject(priorityClasses), {
  "a value of the system": [
    parts({ value: 2_000_000_000 }),
    "value: Forbidden: maximum allowed value of a user defined priority is 1000000000",
  ],
});
mistakesOnUpdate(subject(priorityClasses), {
  "another value": [parts({ value: 5 }), "value: Forbidden: may not be changed in an update."],
});

mistakesOnCreate(subject(roleBindings), {
  "a role that is none": [
    (object) => {
      object.roleRef.kind = "Group";
    },
    'roleRef.kind: Unsupported value: "Group": supported values: "Role", "ClusterRole"',
  ],
  "a subject that is none": [
    parts({ subjects: [{ kind: "Robot", name: "r", apiGroup: "rbac.authorization.k8s.io" }] }),
    'subjects[0].kind: Unsupported value: "Robot": supported values: "ServiceAccount", "User", "Group"',
  ],
  "a subject without a name": [
    parts({ subjects: [{ kind: "User", name: "", apiGroup: "rbac.authorization.k8s.io" }] }),
    "subjects[0].name: Required value",
    'subjects[0].name: Invalid value: "": user name cannot be empty',
  ],
});
