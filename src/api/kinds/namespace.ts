import type { FieldError } from "../errors.ts";
import type { Kind, PartSubresource } from "../kind.ts";
import type { KubeObject } from "../meta.ts";
import { checkFinalizerDomain, checkQualifiedName, validateMetadata } from "../metadata-validation.ts";
import { dnsLabelFault } from "../names.ts";
import { NODE_LEASE_NAMESPACE } from "../well-known.ts";
import { AGE, NAME, textColumn } from "./columns.ts";

export interface Namespace extends KubeObject {
  readonly spec: { readonly finalizers?: readonly string[] };
  readonly status: { readonly phase?: "Active" | "Terminating" };
}

/** Namespaces that the cluster itself needs. */
const NEEDED = new Set(["default", "kube-system", "kube-public", NODE_LEASE_NAMESPACE]);

/**
 * namespaces/finalize: the one way to take what holds a namespace off it, or to put more on it while it is not being
 * deleted (registry/core/namespace, FinalizeREST).
 */
const finalize: PartSubresource<Namespace> = {
  take: ({ spec }, old) => ({ ...old, spec: { ...old.spec, finalizers: spec?.finalizers ?? [] } }),
  validate({ spec: { finalizers = [] } }) {
    const errors: FieldError[] = [];
    for (const [index, name] of finalizers.entries()) {
      checkQualifiedName(`spec.finalizers[${index}]`, name, errors);
      checkFinalizerDomain(`spec.finalizers[${index}]`, name, errors);
    }
    return errors;
  },
};

export const namespaces: Kind<Namespace> = {
  group: "",
  version: "v1",
  kind: "Namespace",
  plural: "namespaces",
  singular: "namespace",
  shortNames: ["ns"],
  categories: [],
  namespaced: false,
  schema: "io.k8s.api.core.v1.Namespace",
  statusSubresource: true,
  columns: [
    NAME,
    textColumn("Status", "Active or Terminating.", (namespace: Namespace) => namespace.status.phase ?? ""),
    AGE,
  ],
  selectableFields: { "status.phase": (namespace) => namespace.status.phase ?? "" },
  setDefaults: setNamespaceDefaults,
  prepareForCreate: (namespace) => ({
    ...namespace,
    spec: { ...namespace.spec, finalizers: withContentFinalizer(namespace.spec?.finalizers) },
    status: { phase: "Active" },
  }),
  prepareForChange: (namespace, old) => ({ ...namespace, spec: old.spec }),
  parts: { finalize },
  mustStay: (name) => (NEEDED.has(name) ? "this namespace may not be deleted" : undefined),
  validate: (namespace, old) =>
    validateMetadata(namespace.metadata, old?.metadata, { nameFault: dnsLabelFault }),
};

/** Holds a namespace (in spec, not in metadata) until its content is gone. */
export const CONTENT_FINALIZER = "kubernetes";
/** Carries the namespace's own name, so that selectors can find it. */
const NAME_LABEL = "kubernetes.io/metadata.name";

function withContentFinalizer(given: readonly string[] = []): readonly string[] {
  return given.includes(CONTENT_FINALIZER) ? given : [...given, CONTENT_FINALIZER];
}

function setNamespaceDefaults(namespace: Namespace): Namespace {
  const { metadata, spec, status } = namespace;
  const isLabelled = metadata.labels?.[NAME_LABEL] === metadata.name || !metadata.name;
  if (isLabelled && spec !== undefined && status !== undefined) return namespace;
  const labels = isLabelled ? metadata.labels : { ...metadata.labels, [NAME_LABEL]: metadata.name };
  return {
    ...namespace,
    metadata: { ...metadata, ...(labels && { labels }) },
    spec: spec ?? {},
    status: status ?? {},
  };
}
