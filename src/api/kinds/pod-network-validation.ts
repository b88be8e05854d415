import { checkAddress } from "../addresses-validation.ts";
import type { FieldError } from "../errors.ts";
import { invalidValue, requiredValue } from "../field-errors.ts";
import { dnsSubdomainFault } from "../names.ts";
import type { DnsConfig, PodSpec } from "./pod.ts";

const MOST_NAME_SERVERS = 3;
const MOST_SEARCHES = 32;
const MOST_SEARCH_CHARACTERS = 2_048;

/** Where the pod asks for names (validatePodDNSConfig). */
export function checkDnsConfig({ dnsConfig, dnsPolicy }: PodSpec, errors: FieldError[]): void {
  const field = "spec.dnsConfig";
  if (dnsPolicy === "None") {
    if (dnsConfig === undefined) {
      errors.push(requiredValue(field, "must provide `dnsConfig` when `dnsPolicy` is None"));
      return;
    }
    if (!dnsConfig.nameservers?.length) {
      const detail = "must provide at least one DNS nameserver when `dnsPolicy` is None";
      errors.push(requiredValue(`${field}.nameservers`, detail));
      return;
    }
  }
  if (dnsConfig !== undefined) checkServersAndSearches(field, dnsConfig, errors);
}

function checkServersAndSearches(field: string, config: DnsConfig, errors: FieldError[]): void {
  const { nameservers = [], searches = [], options = [] } = config;
  if (nameservers.length > MOST_NAME_SERVERS) {
    const detail = `must not have more than ${MOST_NAME_SERVERS} nameservers`;
    errors.push(invalidValue(`${field}.nameservers`, nameservers, detail));
  }
  for (const [index, server] of nameservers.entries()) {
    checkAddress(`${field}.nameservers[${index}]`, server, errors);
  }
  if (searches.length > MOST_SEARCHES) {
    const detail = `must not have more than ${MOST_SEARCHES} search paths`;
    errors.push(invalidValue(`${field}.searches`, searches, detail));
  }
  if (searches.join(" ").length > MOST_SEARCH_CHARACTERS) {
    const detail = `must not have more than ${MOST_SEARCH_CHARACTERS} characters (including spaces) in the search list`;
    errors.push(invalidValue(`${field}.searches`, searches, detail));
  }
  for (const [index, search] of searches.entries()) {
    const name = search.endsWith(".") ? search.slice(0, -1) : search;
    const fault = search === "." ? undefined : searchFault(name);
    if (fault !== undefined) errors.push(invalidValue(`${field}.searches[${index}]`, name, fault));
  }
  for (const [index, { name }] of options.entries()) {
    if (!name) errors.push(requiredValue(`${field}.options[${index}]`, "must not be empty"));
  }
}

const SEARCH = /^_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*$/;
const SEARCH_FAULT =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must " +
  "start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is " +
  `'${SEARCH.source.slice(1, -1)}')`;

/** Where a name is looked for: a subdomain that may have underscores (IsDNS1123SubdomainWithUnderscore). */
function searchFault(name: string): string | undefined {
  return SEARCH.test(name) ? undefined : SEARCH_FAULT;
}

/** Names of hosts that the pod knows without asking (ValidateHostAliases). */
export function checkHostAliases({ hostAliases = [] }: PodSpec, errors: FieldError[]): void {
  for (const [index, { ip = "", hostnames = [] }] of hostAliases.entries()) {
    const field = `spec.hostAliases[${index}]`;
    checkAddress(`${field}.ip`, ip, errors);
    for (const [place, name] of hostnames.entries()) {
      const fault = dnsSubdomainFault(name);
      if (fault !== undefined) errors.push(invalidValue(`${field}.hostnames[${place}]`, name, fault));
    }
  }
}
