import type { FieldError } from "../errors.ts";
import { invalidValue, notSupported, requiredValue } from "../field-errors.ts";
import type { Kind } from "../kind.ts";
import type { KubeObject } from "../meta.ts";
import { validateMetadata } from "../metadata-validation.ts";
import { dnsSubdomainFault } from "../names.ts";
import { AGE, NAME, NONE, textColumn } from "./columns.ts";

/** networking.k8s.io/v1 Ingress: checked and stored; there is no traffic to route, so its address stays empty. */
export interface Ingress extends KubeObject {
  readonly spec: {
    readonly ingressClassName?: string;
    readonly defaultBackend?: IngressBackend;
    readonly tls?: readonly { readonly hosts?: readonly string[]; readonly secretName?: string }[];
    readonly rules?: readonly IngressRule[];
  };
  readonly status: {
    readonly loadBalancer?: {
      readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string }[];
    };
  };
}

interface IngressRule {
  readonly host?: string;
  readonly http?: { readonly paths?: readonly IngressPath[] };
}

interface IngressPath {
  readonly path?: string;
  readonly pathType: string;
  readonly backend: IngressBackend;
}

interface IngressBackend {
  readonly service?: {
    readonly name: string;
    readonly port?: { readonly name?: string; readonly number?: number };
  };
  readonly resource?: object;
}

const PATH_TYPES = ["Exact", "ImplementationSpecific", "Prefix"];
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

/** ValidateIngress of pkg/apis/networking/validation. */
function validateIngress(ingress: Ingress, old: Ingress | undefined): readonly FieldError[] {
  const errors = validateMetadata(ingress.metadata, old?.metadata);
  const { rules = [], defaultBackend } = ingress.spec;
  if (rules.length === 0 && defaultBackend === undefined) {
    errors.push(invalidValue("spec", rules, "either `defaultBackend` or `rules` must be specified"));
  }
  if (defaultBackend !== undefined) checkBackend("spec.defaultBackend", defaultBackend, errors);
  for (const [index, rule] of rules.entries()) checkRule(`spec.rules[${index}]`, rule, errors);
  return errors;
}

function checkRule(field: string, { host, http }: IngressRule, errors: FieldError[]): void {
  if (host) {
    const fault = dnsSubdomainFault(host.replace(/^\*\./, ""));
    if (fault !== undefined) errors.push(invalidValue(`${field}.host`, host, fault));
  }
  if (http === undefined) return;
  const { paths = [] } = http;
  if (paths.length === 0) errors.push(requiredValue(`${field}.http.paths`));
  for (const [index, path] of paths.entries()) checkPath(`${field}.http.paths[${index}]`, path, errors);
}

function checkPath(field: string, { path = "", pathType, backend }: IngressPath, errors: FieldError[]): void {
  if (!pathType) errors.push(requiredValue(`${field}.pathType`, "pathType must be specified"));
  else if (!PATH_TYPES.includes(pathType))
    errors.push(notSupported(`${field}.pathType`, pathType, PATH_TYPES));
  else if (!path.startsWith("/") && !(pathType === "ImplementationSpecific" && path === "")) {
    errors.push(invalidValue(`${field}.path`, path, "must be an absolute path"));
  }
  checkBackend(`${field}.backend`, backend ?? {}, errors);
}

function checkBackend(field: string, { service, resource }: IngressBackend, errors: FieldError[]): void {
  if (service !== undefined && resource !== undefined) {
    errors.push(invalidValue(field, "", "cannot set both resource and service backends"));
  } else if (service !== undefined) {
    if (!service.name) errors.push(requiredValue(`${field}.service.name`));
    const { name, number } = service.port ?? {};
    if (!name && !number) {
      errors.push(requiredValue(field, "port name or number is required"));
    } else if (name && number) {
      errors.push(invalidValue(field, "", "cannot set both port name & port number"));
    }
  } else if (resource === undefined) {
    errors.push(requiredValue(field, "resource or service backend is required"));
  }
}
