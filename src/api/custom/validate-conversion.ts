import type { FieldError } from "../errors.ts";
import { forbidden, invalidValue, notSupported, requiredValue } from "../field-errors.ts";
import type { DefinedConversion } from "../kinds/custom-resource-definition.ts";
import { dns1035LabelFault, dnsSubdomainFault } from "../names.ts";

const FIELD = "spec.conversion";
/** Refusals call the parts of `webhook` as the store does, which has them side by side with the strategy. */
const CLIENT = `${FIELD}.webhookClientConfig`;
const VERSIONS = `${FIELD}.conversionReviewVersions`;
const STRATEGIES = ["None", "Webhook"];
const KNOWN_VERSIONS = ["v1", "v1beta1"];
const FORM = "; desired format: https://host[/path]";
const URL_PARTS =
  /^(?:([A-Za-z][-+.A-Za-z0-9]*):)?(?:\/\/(?:([^@/?#]*)@)?([^/?#]*))?[^?#]*(?:\?([^#]*))?(?:#(.*))?$/s;
const NOT_WEBHOOK = "should not be set when strategy is not set to Webhook";

/** validateCustomResourceConversion: nobody is called here, but who says whom to call says it rightly. */
export function checkConversion({ strategy, webhook }: DefinedConversion, errors: FieldError[]): void {
  if (!strategy) errors.push(requiredValue(`${FIELD}.strategy`));
  else if (!STRATEGIES.includes(strategy)) {
    errors.push(notSupported(`${FIELD}.strategy`, strategy, STRATEGIES));
  }
  const { clientConfig, conversionReviewVersions = [] } = webhook ?? {};
  if (strategy !== "Webhook") {
    if (clientConfig !== undefined) errors.push(forbidden(CLIENT, NOT_WEBHOOK));
    if (conversionReviewVersions.length > 0) errors.push(forbidden(VERSIONS, NOT_WEBHOOK));
    return;
  }
  if (clientConfig === undefined) {
    errors.push(requiredValue(CLIENT, "required when strategy is set to Webhook"));
  } else if ((clientConfig.url === undefined) === (clientConfig.service === undefined)) {
    errors.push(requiredValue(CLIENT, "exactly one of url or service is required"));
  } else if (clientConfig.url !== undefined) checkUrl(`${CLIENT}.url`, clientConfig.url, errors);
  else checkService(`${CLIENT}.service`, clientConfig.service ?? {}, errors);
  checkReviewVersions(conversionReviewVersions, errors);
}

function checkUrl(field: string, url: string, errors: FieldError[]): void {
  const [, scheme = "", user, host = "", query = "", fragment = ""] = URL_PARTS.exec(url) ?? [];
  const refuse = (value: string, detail: string) => errors.push(invalidValue(field, value, detail));
  if (scheme !== "https") refuse(scheme, `'https' is the only allowed URL scheme${FORM}`);
  if (host === "") refuse(host, `host must be specified${FORM}`);
  if (user !== undefined) refuse(user, "user information is not permitted in the URL");
  if (fragment !== "") refuse(fragment, "fragments are not permitted in the URL");
  if (query !== "") refuse(query, "query parameters are not permitted in the URL");
}

type Service = NonNullable<NonNullable<NonNullable<DefinedConversion["webhook"]>["clientConfig"]>["service"]>;

function checkService(field: string, service: Service, errors: FieldError[]): void {
  const { name, namespace, path = "", port = 443 } = service;
  if (!name) errors.push(requiredValue(`${field}.name`));
  if (!namespace) errors.push(requiredValue(`${field}.namespace`));
  if (port < 1 || port > 65_535) {
    const detail = "port is not valid: must be between 1 and 65535, inclusive";
    errors.push(invalidValue(`${field}.port`, port, detail));
  }
  if (path !== "" && path !== "/") checkPath(`${field}.path`, path, errors);
}

function checkPath(field: string, path: string, errors: FieldError[]): void {
  const refuse = (detail: string) => errors.push(invalidValue(field, path, detail));
  if (path === "//") {
    refuse("segment[0] may not be empty");
    return;
  }
  if (!path.startsWith("/")) refuse("must start with a '/'");
  const inner = path.slice(1);
  const segments = (inner.endsWith("/") ? inner.slice(0, -1) : inner).split("/");
  for (const [index, segment] of segments.entries()) {
    const fault = segment === "" ? undefined : dnsSubdomainFault(segment);
    if (segment === "") refuse(`segment[${index}] may not be empty`);
    else if (fault !== undefined) refuse(`segment[${index}]: ${fault}`);
  }
}

function checkReviewVersions(versions: readonly string[], errors: FieldError[]): void {
  if (versions.length === 0) {
    errors.push(requiredValue(VERSIONS));
    return;
  }
  for (const [index, version] of versions.entries()) {
    const field = `${VERSIONS}[${index}]`;
    const fault = dns1035LabelFault(version);
    if (versions.indexOf(version) < index) errors.push(invalidValue(field, version, "duplicate version"));
    else if (fault !== undefined) errors.push(invalidValue(field, version, fault));
  }
  if (versions.some((version) => KNOWN_VERSIONS.includes(version))) return;
  errors.push(invalidValue(VERSIONS, versions, `must include at least one of ${KNOWN_VERSIONS.join(", ")}`));
}
