import type { Column, Kind } from "../kind.ts";
import type { LabelSelector } from "../label-selector.ts";
import type { KubeObject } from "../meta.ts";
import { AGE, NAME, textColumn } from "./columns.ts";
import { validateBinding, validateRole } from "./rbac-validation.ts";

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

export const RBAC_GROUP = "rbac.authorization.k8s.io";
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
    group: RBAC_GROUP,
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
    validate: (role, old) => validateRole(role, old, namespaced),
  };
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
    subject.kind === "ServiceAccount" || subject.apiGroup ? subject : { ...subject, apiGroup: RBAC_GROUP };
  return {
    ...binding,
    roleRef: {
      ...roleRef,
      kind: roleRef?.kind ?? "",
      name: roleRef?.name ?? "",
      apiGroup: roleRef?.apiGroup || RBAC_GROUP,
    },
    ...(subjects && { subjects: subjects.map(complete) }),
  };
}
