import type { FieldError } from "../errors.ts";
import type { Kind } from "../kind.ts";
import type { KubeObject } from "../meta.ts";
import { validateMetadata } from "../metadata-validation.ts";
import { AGE, NAME, NONE, textColumn } from "./columns.ts";
import {
  checkClassAnnotation,
  checkIngressSpec,
  checkIngressStatus,
  classWarnings,
} from "./ingress-validation.ts";
import type { LocalReference } from "./local-reference-validation.ts";

/** networking.k8s.io/v1 Ingress: checked and stored; there is no traffic to route, so its address stays empty. */
export interface Ingress extends KubeObject {
  readonly spec: {
    readonly ingressClassName?: string;
    readonly defaultBackend?: IngressBackend;
    readonly tls?: readonly { readonly hosts?: readonly string[]; readonly secretName?: string }[];
    readonly rules?: readonly IngressRule[];
  };
  readonly status: IngressStatus;
}

export interface IngressStatus {
  readonly loadBalancer?: {
    readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string }[];
  };
}

export interface IngressRule {
  readonly host?: string;
  readonly http?: { readonly paths?: readonly IngressPath[] };
}

export interface IngressPath {
  readonly path?: string;
  readonly pathType?: string;
  readonly backend: IngressBackend;
}

export interface IngressBackend {
  readonly service?: {
    readonly name: string;
    readonly port?: { readonly name?: string; readonly number?: number };
  };
  readonly resource?: LocalReference;
}

const SHOWN_HOSTS = 3;

export const ingresses: Kind<Ingress> = {
  group: "networking.k8s.io",
  version: "v1",
  kind: "Ingress",
  plural: "ingresses",
  singular: "ingress",
  shortNames: ["ing"],
  categories: [],
  namespaced: true,
  schema: "io.k8s.api.networking.v1.Ingress",
  statusSubresource: true,
  columns: [
    NAME,
    textColumn("Class", "The class of its controller.", ({ spec }: Ingress) => spec.ingressClassName ?? NONE),
    textColumn("Hosts", "The hosts that it is about.", ({ spec }: Ingress) => hostsText(spec.rules)),
    textColumn("Address", "Where it is reached.", addressText),
    textColumn("Ports", "80, and 443 with TLS.", ({ spec }: Ingress) =>
      spec.tls?.length ? "80, 443" : "80",
    ),
    AGE,
  ],
  selectableFields: {},
  setDefaults: setIngressDefaults,
  prepareForCreate: (ingress) => ({ ...ingress, status: { loadBalancer: {} } }),
  validate: validateIngress,
  validateStatus,
  warnings: ({ metadata }, old) => (old === undefined ? classWarnings(metadata.annotations) : []),
};

function setIngressDefaults(ingress: Ingress): Ingress {
  if (ingress.spec !== undefined && ingress.status !== undefined) return ingress;
  return { ...ingress, spec: ingress.spec ?? {}, status: ingress.status ?? { loadBalancer: {} } };
}

function hostsText(rules: readonly IngressRule[] = []): string {
  const hosts = rules.flatMap(({ host }) => (host ? [host] : []));
  if (hosts.length === 0) return "*";
  const more = hosts.length > SHOWN_HOSTS ? ` + ${hosts.length - SHOWN_HOSTS} more...` : "";
  return hosts.slice(0, SHOWN_HOSTS).join(",") + more;
}

function addressText({ status }: Ingress): string {
  return (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip ?? hostname ?? "").join(",");
}

/** ValidateIngressCreate and ValidateIngressUpdate of pkg/apis/networking/validation. */
function validateIngress(ingress: Ingress, old: Ingress | undefined): readonly FieldError[] {
  const errors = validateMetadata(ingress.metadata, old?.metadata);
  checkIngressSpec(ingress.spec, errors);
  if (old === undefined) checkClassAnnotation(ingress, errors);
  return errors;
}

function validateStatus({ status }: Ingress): readonly FieldError[] {
  const errors: FieldError[] = [];
  checkIngressStatus(status, errors);
  return errors;
}
