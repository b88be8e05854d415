import type { Draft } from "../meta.ts";
import { Group } from "../user.ts";
import { aggregatedRules } from "./aggregated-rules.ts";
import type { PolicyRule, Role, RoleBinding } from "./rbac.ts";

const GROUP = "rbac.authorization.k8s.io";
const AGGREGATE_TO = `${GROUP}/aggregate-to-`;
const METADATA = {
  annotations: { "rbac.authorization.kubernetes.io/autoupdate": "true" },
  labels: { "kubernetes.io/bootstrapping": "rbac-defaults" },
};

const READ = ["get", "list", "watch"];
const WRITE = ["create", "delete", "deletecollection", "patch", "update"];

/** What `view` reads, by API group; `edit` writes all of it but events, quotas and the like. */
const WORKLOADS: readonly (readonly [group: string, resources: readonly string[]])[] = [
  [
    "",
    [
      "configmaps",
      "endpoints",
      "persistentvolumeclaims",
      "pods",
      "replicationcontrollers",
      "serviceaccounts",
      "services",
    ],
  ],
  ["apps", ["daemonsets", "deployments", "replicasets", "statefulsets"]],
  ["autoscaling", ["horizontalpodautoscalers"]],
  ["batch", ["cronjobs", "jobs"]],
  ["networking.k8s.io", ["ingresses", "networkpolicies"]],
  ["policy", ["poddisruptionbudgets"]],
];
const SCALED: Readonly<Record<string, readonly string[]>> = {
  "": ["replicationcontrollers/scale"],
  apps: ["deployments/scale", "replicasets/scale", "statefulsets/scale"],
};
const STATUS: Readonly<Record<string, readonly string[]>> = {
  "": ["persistentvolumeclaims/status", "pods/status", "replicationcontrollers/status", "services/status"],
  apps: ["daemonsets/status", "deployments/status", "replicasets/status", "statefulsets/status"],
  autoscaling: ["horizontalpodautoscalers/status"],
  batch: ["cronjobs/status", "jobs/status"],
  "networking.k8s.io": ["ingresses/status"],
  policy: ["poddisruptionbudgets/status"],
};

const VIEW: readonly PolicyRule[] = [
  ...WORKLOADS.map(([group, resources]) =>
    rule(READ, group, [...resources, ...(SCALED[group] ?? []), ...(STATUS[group] ?? [])]),
  ),
  rule(READ, "", ["bindings", "events", "limitranges", "namespaces", "namespaces/status", "pods/log"]),
  rule(READ, "", ["resourcequotas", "resourcequotas/status"]),
  rule(READ, "apps", ["controllerrevisions"]),
  rule(READ, "discovery.k8s.io", ["endpointslices"]),
];

const EDIT: readonly PolicyRule[] = [
  ...WORKLOADS.map(([group, resources]) => rule(WRITE, group, [...resources, ...(SCALED[group] ?? [])])),
  rule([...READ, ...WRITE], "", ["secrets"]),
  rule([...READ, "create"], "", [
    "pods/attach",
    "pods/exec",
    "pods/portforward",
    "pods/proxy",
    "services/proxy",
  ]),
  rule(["create"], "", ["pods/eviction", "serviceaccounts/token"]),
  rule(["impersonate"], "", ["serviceaccounts"]),
  rule([...READ, ...WRITE], "apps", ["deployments/rollback"]),
  rule([...READ, ...WRITE], "coordination.k8s.io", ["leases"]),
];

const ADMIN: readonly PolicyRule[] = [
  rule(["create"], "authorization.k8s.io", ["localsubjectaccessreviews"]),
  rule([...READ, ...WRITE], GROUP, ["rolebindings", "roles"]),
];

const SELF: readonly PolicyRule[] = [
  rule(["create"], "authorization.k8s.io", ["selfsubjectaccessreviews", "selfsubjectrulesreviews"]),
  rule(["create"], "authentication.k8s.io", ["selfsubjectreviews"]),
];
const METRICS = [rule(READ, "metrics.k8s.io", ["nodes", "pods"])];
const PUBLIC_PATHS = ["/healthz", "/livez", "/readyz", "/version", "/version/"];
const DISCOVERY_PATHS = ["/api", "/api/*", "/apis", "/apis/*", "/openapi", "/openapi/*", ...PUBLIC_PATHS];
const ISSUER_PATHS = ["/.well-known/openid-configuration", "/openid/v1/jwks"].flatMap((path) => [
  path,
  `${path}/`,
]);

/** The roles that every cluster has, as far as they mean something here (auth/authorizer/rbac/bootstrappolicy). */
export function defaultClusterRoles(): readonly Draft<Role>[] {
  const plain = [
    role("cluster-admin", [rule(["*"], "*", ["*"]), { verbs: ["*"], nonResourceURLs: ["*"] }]),
    role("system:basic-user", SELF),
    role("system:discovery", [{ verbs: ["get"], nonResourceURLs: DISCOVERY_PATHS }]),
    role("system:public-info-viewer", [{ verbs: ["get"], nonResourceURLs: PUBLIC_PATHS }]),
    role("system:service-account-issuer-discovery", [{ verbs: ["get"], nonResourceURLs: ISSUER_PATHS }]),
    role("system:aggregate-to-admin", ADMIN, { [`${AGGREGATE_TO}admin`]: "true" }),
    role("system:aggregate-to-edit", EDIT, { [`${AGGREGATE_TO}edit`]: "true" }),
    role("system:aggregate-to-view", VIEW, { [`${AGGREGATE_TO}view`]: "true" }),
    role("system:aggregated-metrics-reader", METRICS, {
      [`${AGGREGATE_TO}admin`]: "true",
      [`${AGGREGATE_TO}edit`]: "true",
      [`${AGGREGATE_TO}view`]: "true",
    }),
  ];
  const all = new Map(plain.map((one) => [one.metadata.name as string, one]));
  // From the smallest up: each is part of the next.
  for (const name of ["view", "edit", "admin"]) {
    const part = name === "view" ? "edit" : name === "edit" ? "admin" : undefined;
    const labels = part === undefined ? {} : { [`${AGGREGATE_TO}${part}`]: "true" };
    const clusterRoleSelectors = [{ matchLabels: { [`${AGGREGATE_TO}${name}`]: "true" } }];
    const made = { ...role(name, [], labels), aggregationRule: { clusterRoleSelectors } };
    all.set(name, {
      ...made,
      rules: aggregatedRules(made as unknown as Role, all.values() as Iterable<Role>),
    });
  }
  return [...all.values()];
}

/** Who has those roles from the start. */
export function defaultClusterRoleBindings(): readonly Draft<RoleBinding>[] {
  const binding = (name: string, ...groups: string[]): Draft<RoleBinding> => ({
    apiVersion: `${GROUP}/v1`,
    kind: "ClusterRoleBinding",
    metadata: { name, ...METADATA },
    roleRef: { apiGroup: GROUP, kind: "ClusterRole", name },
    subjects: groups.map((group) => ({ apiGroup: GROUP, kind: "Group", name: group })),
  });
  return [
    binding("cluster-admin", Group.masters),
    binding("system:basic-user", Group.authenticated),
    binding("system:discovery", Group.authenticated),
    binding("system:public-info-viewer", Group.authenticated, Group.unauthenticated),
    binding("system:service-account-issuer-discovery", Group.serviceAccounts),
  ];
}

function rule(verbs: readonly string[], group: string, resources: readonly string[]): PolicyRule {
  return { verbs: [...verbs].sort(), apiGroups: [group], resources: [...resources].sort() };
}

function role(
  name: string,
  rules: readonly PolicyRule[],
  labels: Readonly<Record<string, string>> = {},
): Draft<Role> {
  const metadata = { name, annotations: METADATA.annotations, labels: { ...METADATA.labels, ...labels } };
  return { apiVersion: `${GROUP}/v1`, kind: "ClusterRole", metadata, rules };
}
