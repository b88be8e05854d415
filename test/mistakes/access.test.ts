import { clusterRoleBindings, clusterRoles, roleBindings, roles } from "../../src/api/kinds/rbac.ts";
import { serviceAccounts } from "../../src/api/kinds/service-account.ts";
import { at, parts, SUBDOMAIN, subject } from "./changes.ts";
import { mistakesOnCreate, mistakesOnUpdate } from "./mistakes.ts";

const GROUP = "rbac.authorization.k8s.io";
const KEY = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.'";

mistakesOnCreate(subject(serviceAccounts), {
  "a name in capitals": [
    at("metadata", { name: "Web" }),
    `metadata.name: Invalid value: "Web": ${SUBDOMAIN}`,
  ],
});

mistakesOnCreate(subject(roles), {
  "a name with a slash": [
    at("metadata", { name: "a/b" }),
    "metadata.name: Invalid value: \"a/b\": may not contain '/'",
  ],
  "a rule that says nothing": [
    parts({ rules: [{}] }),
    "rules[0].verbs: Required value: verbs must contain at least one value",
    "rules[0].apiGroups: Required value: resource rules must supply at least one api group",
    "rules[0].resources: Required value: resource rules must supply at least one resource",
  ],
  "a path of the server, and pods": [
    parts({ rules: [{ verbs: ["get"], nonResourceURLs: ["/metrics"], resources: ["pods"] }] }),
    'rules[0].nonResourceURLs: Invalid value: ["/metrics"]: namespaced rules cannot apply to non-resource URLs',
    'rules[0].nonResourceURLs: Invalid value: ["/metrics"]: ' +
      "rules cannot apply to both regular resources and non-resource URLs",
  ],
});

mistakesOnCreate(subject(clusterRoles), {
  "a path of the server, and names": [
    parts({ rules: [{ verbs: ["get"], nonResourceURLs: ["/metrics"], resourceNames: ["a"] }] }),
    'rules[0].nonResourceURLs: Invalid value: ["/metrics"]: ' +
      "rules cannot apply to both regular resources and non-resource URLs",
  ],
  "an aggregation of nothing": [
    parts({ rules: undefined, aggregationRule: {} }),
    "aggregationRule.clusterRoleSelectors: Required value: " +
      "at least one clusterRoleSelector required if aggregationRule is non-nil",
  ],
  "a selector that is none": [
    parts({ rules: undefined, aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: "b c" } }] } }),
    `aggregationRule.clusterRoleSelectors[0].matchLabels: Invalid value: "b c": ${KEY}, and must start and end with ` +
      "an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is " +
      "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
  ],
});

mistakesOnCreate(subject(roleBindings), {
  "a role of another group": [
    at("roleRef", { apiGroup: "example.com" }),
    `roleRef.apiGroup: Unsupported value: "example.com": supported values: "${GROUP}"`,
  ],
  "no role": [
    parts({ roleRef: {} }),
    'roleRef.kind: Unsupported value: "": supported values: "Role", "ClusterRole"',
    "roleRef.name: Required value",
  ],
  "a group without a name": [
    parts({ subjects: [{ kind: "Group", name: "" }] }),
    "subjects[0].name: Required value",
    'subjects[0].name: Invalid value: "": group name cannot be empty',
  ],
  "a service account in a group": [
    parts({ subjects: [{ kind: "ServiceAccount", name: "A", apiGroup: GROUP }] }),
    `subjects[0].name: Invalid value: "A": ${SUBDOMAIN}`,
    `subjects[0].apiGroup: Unsupported value: "${GROUP}": supported values: ""`,
  ],
  "a user of another group": [
    parts({ subjects: [{ kind: "User", name: "a", apiGroup: "v1" }] }),
    `subjects[0].apiGroup: Unsupported value: "v1": supported values: "${GROUP}"`,
  ],
});
mistakesOnUpdate(subject(roleBindings), {
  "another role": [
    at("roleRef", { name: "writer" }),
    `roleRef: Invalid value: {"apiGroup":"${GROUP}","kind":"Role","name":"writer"}: cannot change roleRef`,
  ],
});

mistakesOnCreate(subject(clusterRoleBindings), {
  "a role of one namespace": [
    at("roleRef", { kind: "Role" }),
    'roleRef.kind: Unsupported value: "Role": supported values: "ClusterRole"',
  ],
  "a service account of nowhere": [
    parts({ subjects: [{ kind: "ServiceAccount", name: "a" }] }),
    "subjects[0].namespace: Required value",
  ],
});
