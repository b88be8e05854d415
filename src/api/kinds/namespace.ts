import type { Kind } from "../kind.ts";
import type { KubeObject } from "../meta.ts";

export interface Namespace extends KubeObject {
  readonly spec: { readonly finalizers?: readonly string[] };
  readonly status: { readonly phase?: "Active" | "Terminating" };
}

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
  columns: [],
  selectableFields: { "status.phase": (namespace) => namespace.status.phase ?? "" },
};
