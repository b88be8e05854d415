import type { FieldError } from "../errors.ts";
import { invalidValue, notSupported, requiredValue } from "../field-errors.ts";
import type { Column, Kind } from "../kind.ts";
import type { LabelSelector } from "../label-selector.ts";
import type { KubeObject } from "../meta.ts";
import { validateMetadata } from "../metadata-validation.ts";
import { dnsSubdomainFault, pathSegmentFault } from "../names.ts";
import { AGE, NAME, textColumn } from "./columns.ts";

export interface PolicyRule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

/** rbac.authorization.k8s.io/v1 Role and ClusterRole. */
export interface Role extends KubeObject {
  readonly rules?: readonly PolicyRule[];
  /** Of ClusterRoles: the rules are those of the roles that are selected here. */
  readonly aggregationRule?: { readonly clusterRoleSelectors?: readonly LabelSelector[] };
}

/** rbac.authorization.k8s.io/v1 RoleBinding and ClusterRoleBinding. */
export interface RoleBinding extends KubeObject {
  readonly roleRef: { readonly apiGroup: string; readonly kind: string; readonly name: string };
  readonly subjects?: readonly Subject[];
}

export interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly apiGroup?: string;
}

const GROUP = "rbac.authorization.k8s.io";
const CREATED: Column = textColumn(
  "Created At",
  "When it was made.",
  ({ metadata }) => metadata.creationTimestamp ?? "",
);

export const roles: Kind<Role> = roleKind("Role", "roles", true);
export const clusterRoles: Kind<Role> = roleKind("ClusterRole", "clusterroles", false);
export const roleBindings: Kind<RoleBinding> = bindingKind("RoleBinding", "rolebindings", true);
export const clusterRoleBindings: Kind<RoleBinding> = bindingKind(
  "ClusterRoleBinding",
  "clusterrolebindings",
  false,
);

function named(kind: string, plural: string, namespaced: boolean) {
  return {
    group: GROUP,
    version: "v1",
    kind,
    plural,
    singular: kind.toLowerCase(),
    shortNames: [],
    categories: [],
    namespaced,
    schema: `io.k8s.api.rbac.v1.${kind}`,
    statusSubresource: false,
    selectableFields: {},
  };
}

function roleKind(kind: string, plural: string, namespaced: boolean): Kind<Role> {
  return {
    ...named(kind, plural, namespaced),
    columns: [NAME, CREATED],
    validate: (role, old) => {
      const errors = validateMetadata(role.metadata, old?.metadata, { nameFault: pathSegmentFault });
      for (const [index, rule] of (role.rules ?? []).entries()) {
        checkRule(`rules[${index}]`, rule, namespaced, errors);
      }
      return errors;
    },
  };
}

function checkRule(field: string, rule: PolicyRule, namespaced: boolean, errors: FieldError[]): void {
  const { verbs = [], apiGroups = [], resources = [], nonResourceURLs = [] } = rule;
  if (verbs.length === 0)
    errors.push(requiredValue(`${field}.verbs`, "verbs must contain at least one value"));
  if (nonResourceURLs.length > 0) {
    const detail = namespaced
      ? "namespaced rules cannot apply to non-resource URLs"
      : "rules cannot apply to both regular resources and non-resource URLs";
    if (namespaced || apiGroups.length > 0 || resources.length > 0) {
      errors.push(invalidValue(`${field}.nonResourceURLs`, nonResourceURLs, detail));
    }
    return;
  }
  if (apiGroups.length === 0) {
    errors.push(requiredValue(`${field}.apiGroups`, "resource rules must supply at least one api group"));
  }
  if (resources.length === 0) {
    errors.push(requiredValue(`${field}.resources`, "resource rules must supply at least one resource"));
  }
}

function bindingKind(kind: string, plural: string, namespaced: boolean): Kind<RoleBinding> {
  return {
    ...named(kind, plural, namespaced),
    columns: [
      NAME,
      textColumn("Role", "What it gives.", ({ roleRef }: RoleBinding) => `${roleRef.kind}/${roleRef.name}`),
      AGE,
      subjectsColumn("Users", "User"),
      subjectsColumn("Groups", "Group"),
      subjectsColumn("ServiceAccounts", "ServiceAccount"),
    ],
    setDefaults: setBindingDefaults,
    validate: (binding, old) => validateBinding(binding, old, namespaced),
  };
}

function subjectsColumn(name: string, kind: string): Column<RoleBinding> {
  const cell = ({ subjects = [] }: RoleBinding) =>
    subjects
      .filter((subject) => subject.kind === kind)
      .map((subject) => (subject.namespace ? `${subject.namespace}/${subject.name}` : subject.name))
      .join(", ");
  return textColumn(name, `Each ${kind} it is given to.`, cell, 1);
}

function setBindingDefaults(binding: RoleBinding): RoleBinding {
  const { roleRef, subjects } = binding;
  const isComplete =
    roleRef?.apiGroup &&
    (subjects ?? []).every(({ kind, apiGroup }) => kind === "ServiceAccount" || apiGroup);
  if (isComplete) return binding;
  const complete = (subject: Subject): Subject =>
    subject.kind === "ServiceAccount" || subject.apiGroup ? subject : { ...subject, apiGroup: GROUP };
  return {
    ...binding,
    roleRef: {
      ...roleRef,
      kind: roleRef?.kind ?? "",
      name: roleRef?.name ?? "",
      apiGroup: roleRef?.apiGroup || GROUP,
    },
    ...(subjects && { subjects: subjects.map(complete) }),
  };
}

const SUBJECTS = ["ServiceAccount", "User", "Group"];

function validateBinding(
  binding: RoleBinding,
  old: RoleBinding | undefined,
  namespaced: boolean,
): readonly FieldError[] {
  const errors = validateMetadata(binding.metadata, old?.metadata, { nameFault: pathSegmentFault });
  const { roleRef, subjects = [] } = binding;
  if (roleRef.apiGroup !== GROUP) errors.push(notSupported("roleRef.apiGroup", roleRef.apiGroup, [GROUP]));
  const kinds = namespaced ? ["Role", "ClusterRole"] : ["ClusterRole"];
  if (!kinds.includes(roleRef.kind)) errors.push(notSupported("roleRef.kind", roleRef.kind, kinds));
  const fault = roleRef.name ? pathSegmentFault(roleRef.name) : undefined;
  if (!roleRef.name) errors.push(requiredValue("roleRef.name"));
  else if (fault !== undefined) errors.push(invalidValue("roleRef.name", roleRef.name, fault));
  for (const [index, subject] of subjects.entries()) {
    checkSubject(`subjects[${index}]`, subject, namespaced, errors);
  }
  const before = old?.roleRef;
  if (before !== undefined && (before.kind !== roleRef.kind || before.name !== roleRef.name)) {
    errors.push(invalidValue("roleRef", roleRef, "cannot change roleRef"));
  }
  return errors;
}

/** ValidateRoleBindingSubject. */
function checkSubject(field: string, subject: Subject, namespaced: boolean, errors: FieldError[]): void {
  const { kind, name, namespace, apiGroup = "" } = subject;
  if (!name) errors.push(requiredValue(`${field}.name`));
  if (kind === "ServiceAccount") {
    const fault = name ? dnsSubdomainFault(name) : undefined;
    if (fault !== undefined) errors.push(invalidValue(`${field}.name`, name, fault));
    if (apiGroup !== "") errors.push(notSupported(`${field}.apiGroup`, apiGroup, [""]));
    if (!namespaced && !namespace) errors.push(requiredValue(`${field}.namespace`));
  } else if (!SUBJECTS.includes(kind)) errors.push(notSupported(`${field}.kind`, kind ?? "", SUBJECTS));
  else if (apiGroup !== GROUP) errors.push(notSupported(`${field}.apiGroup`, apiGroup, [GROUP]));
}
