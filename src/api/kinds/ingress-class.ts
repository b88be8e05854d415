import type { FieldError } from "../errors.ts";
import { forbidden, IMMUTABLE, invalidValue, notSupported, requiredValue, tooLong } from "../field-errors.ts";
import type { Kind } from "../kind.ts";
import type { KubeObject } from "../meta.ts";
import { validateMetadata } from "../metadata-validation.ts";
import { dnsLabelFault, dnsSubdomainFault } from "../names.ts";
import { AGE, NAME, NONE, textColumn } from "./columns.ts";
import { checkLocalReference, type LocalReference } from "./local-reference-validation.ts";

/** networking.k8s.io/v1 IngressClass: names the controller of ingresses; none is here. */
export interface IngressClass extends KubeObject {
  readonly spec: {
    readonly controller?: string;
    readonly parameters?: IngressParameters;
  };
}

interface IngressParameters extends LocalReference {
  readonly scope?: string;
  readonly namespace?: string;
}

const LONGEST_CONTROLLER = 250;
const SCOPES = ["Cluster", "Namespace"];
const PATH = /^[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/;
const PATH_FAULT = "Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')";

export const ingressClasses: Kind<IngressClass> = {
  group: "networking.k8s.io",
  version: "v1",
  kind: "IngressClass",
  plural: "ingressclasses",
  singular: "ingressclass",
  shortNames: [],
  categories: [],
  namespaced: false,
  schema: "io.k8s.api.networking.v1.IngressClass",
  statusSubresource: false,
  columns: [
    NAME,
    textColumn(
      "Controller",
      "The controller of its ingresses.",
      ({ spec }: IngressClass) => spec.controller ?? "",
    ),
    textColumn("Parameters", "Where its parameters are.", ({ spec }: IngressClass) =>
      parametersText(spec.parameters),
    ),
    AGE,
  ],
  selectableFields: {},
  setDefaults: setIngressClassDefaults,
  validate: validateIngressClass,
};

/** Parameters are of the whole cluster unless they say otherwise. */
function setIngressClassDefaults(ingressClass: IngressClass): IngressClass {
  const { parameters } = ingressClass.spec ?? {};
  if (parameters !== undefined && parameters.scope === undefined) {
    const spec = { ...ingressClass.spec, parameters: { ...parameters, scope: "Cluster" } };
    return { ...ingressClass, spec };
  }
  return ingressClass.spec === undefined ? { ...ingressClass, spec: {} } : ingressClass;
}

function parametersText(parameters: IngressClass["spec"]["parameters"]): string {
  if (parameters === undefined) return NONE;
  const { apiGroup, kind, name } = parameters;
  return `${kind}${apiGroup ? `.${apiGroup}` : ""}/${name}`;
}

/** ValidateIngressClass and ValidateIngressClassUpdate (pkg/apis/networking/validation). */
function validateIngressClass(
  { metadata, spec }: IngressClass,
  old: IngressClass | undefined,
): readonly FieldError[] {
  const errors = validateMetadata(metadata, old?.metadata);
  const { controller = "", parameters } = spec;
  if (old !== undefined && old.spec.controller !== controller) {
    errors.push(invalidValue("spec.controller", controller, IMMUTABLE));
  }
  if (controller === "") errors.push(requiredValue("spec.controller"));
  else {
    if (controller.length > LONGEST_CONTROLLER) errors.push(tooLong("spec.controller", LONGEST_CONTROLLER));
    checkDomainPath("spec.controller", controller, errors);
  }
  if (parameters !== undefined) checkParameters("spec.parameters", parameters, errors);
  return errors;
}

/** A domain and a path, `example.com/ingress` (IsDomainPrefixedPath). */
function checkDomainPath(field: string, text: string, errors: FieldError[]): void {
  const slash = text.indexOf("/");
  const [domain, path] = [text.slice(0, slash), text.slice(slash + 1)];
  if (slash < 1 || path === "") {
    errors.push(invalidValue(field, text, 'must be a domain-prefixed path (such as "acme.io/foo")'));
    return;
  }
  const fault = dnsSubdomainFault(domain);
  if (fault !== undefined) errors.push(invalidValue(field, domain, fault));
  if (!PATH.test(path)) errors.push(invalidValue(field, path, PATH_FAULT));
}

function checkParameters(field: string, parameters: IngressParameters, errors: FieldError[]): void {
  checkLocalReference(field, parameters, errors);
  const { scope, namespace } = parameters;
  if (scope === undefined) errors.push(requiredValue(`${field}.scope`));
  else if (!SCOPES.includes(scope)) errors.push(notSupported(`${field}.scope`, scope, SCOPES));
  else if (scope === "Cluster") {
    if (namespace === undefined) return;
    errors.push(forbidden(`${field}.namespace`, "`parameters.scope` is set to 'Cluster'"));
  } else if (namespace === undefined) {
    errors.push(requiredValue(`${field}.namespace`, "`parameters.scope` is set to 'Namespace'"));
  } else {
    const fault = dnsLabelFault(namespace);
    if (fault !== undefined) errors.push(invalidValue(`${field}.namespace`, namespace, fault));
  }
}
