/**
 * The syntax of names, labels and annotation keys, in the words of k8s.io/apimachinery/pkg/util/validation.
 * Each function returns what is wrong, or undefined. All are linear in the text and hot, so that nothing is
 * allocated for a good name.
 */

const LABEL_LENGTH = 63;
const SUBDOMAIN_LENGTH = 253;

const DNS_LABEL = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
const DNS_SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const QUALIFIED = /^(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

const DNS_LABEL_MESSAGE =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end " +
  "with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is " +
  "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const DNS_SUBDOMAIN_MESSAGE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start " +
  "and end with an alphanumeric character (e.g. 'example.com', regex used for validation is " +
  "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const QUALIFIED_MESSAGE =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character " +
  "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is " +
  "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const LABEL_VALUE_MESSAGE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and " +
  "end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is " +
  "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

/** Names of namespaces and containers. */
export function dnsLabelFault(name: string): string | undefined {
  if (name.length > LABEL_LENGTH) return tooLong(LABEL_LENGTH);
  if (DNS_LABEL.test(name)) return undefined;
  return DNS_SUBDOMAIN.test(name) ? "must not contain dots" : DNS_LABEL_MESSAGE;
}

const DNS_1035 = /^[a-z](?:[-a-z0-9]*[a-z0-9])?$/;
const DNS_1035_MESSAGE =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, " +
  "and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is " +
  "'[a-z]([-a-z0-9]*[a-z0-9])?')";

/** Names of services. */
export function dns1035LabelFault(name: string): string | undefined {
  if (name.length > LABEL_LENGTH) return tooLong(LABEL_LENGTH);
  return DNS_1035.test(name) ? undefined : DNS_1035_MESSAGE;
}

/** Names of most objects. */
export function dnsSubdomainFault(name: string): string | undefined {
  if (name.length > SUBDOMAIN_LENGTH) return tooLong(SUBDOMAIN_LENGTH);
  return DNS_SUBDOMAIN.test(name) ? undefined : DNS_SUBDOMAIN_MESSAGE;
}

const WILDCARD_MESSAGE =
  "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of " +
  "lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', " +
  "regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

/** Hosts with a star as their first part (IsWildcardDNS1123Subdomain). */
export function wildcardFault(host: string): string | undefined {
  if (host.length > SUBDOMAIN_LENGTH) return tooLong(SUBDOMAIN_LENGTH);
  return host.startsWith("*.") && DNS_SUBDOMAIN.test(host.slice(2)) ? undefined : WILDCARD_MESSAGE;
}

/** Names with at least one dot; a dot at the end is one too many only for others (IsFullyQualifiedDomainName). */
export function domainNameFault(name: string): string | undefined {
  const bare = name.endsWith(".") ? name.slice(0, -1) : name;
  const fault = dnsSubdomainFault(bare);
  if (fault !== undefined || bare.includes(".")) return fault;
  return "should be a domain with at least two segments separated by dots";
}

const NONE: readonly string[] = Object.freeze([]);

/** All that is wrong with a key of labels, annotations or taints: `[prefix/]name` (IsQualifiedName). */
export function qualifiedNameFaults(key: string): readonly string[] {
  const slash = key.indexOf("/");
  if (slash < 0) return isNamePart(key) ? NONE : namePartFaults(key);
  const [prefix, name] = [key.slice(0, slash), key.slice(slash + 1)];
  if (name.includes("/")) {
    return [
      `a qualified name ${QUALIFIED_MESSAGE} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const fault = prefix === "" ? "must be non-empty" : dnsSubdomainFault(prefix);
  if (fault === undefined) return isNamePart(name) ? NONE : namePartFaults(name);
  return [`prefix part ${fault}`, ...namePartFaults(name)];
}

/** The first of these, or undefined. */
export function qualifiedNameFault(key: string): string | undefined {
  return qualifiedNameFaults(key)[0];
}

/** Values of labels; they may be empty. */
export function labelValueFault(value: string): string | undefined {
  if (value.length > LABEL_LENGTH) return tooLong(LABEL_LENGTH);
  return value === "" || QUALIFIED.test(value) ? undefined : LABEL_VALUE_MESSAGE;
}

function isNamePart(name: string): boolean {
  return name.length <= LABEL_LENGTH && QUALIFIED.test(name);
}

function namePartFaults(name: string): string[] {
  const faults: string[] = [];
  if (name === "") faults.push("name part must be non-empty");
  else if (name.length > LABEL_LENGTH) faults.push(`name part ${tooLong(LABEL_LENGTH)}`);
  if (!QUALIFIED.test(name)) faults.push(`name part ${QUALIFIED_MESSAGE}`);
  return faults;
}

const PORT_NAME_LENGTH = 15;

/** Names of ports of containers, and of ports by which probes and services mean those (IsValidPortName). */
export function portNameFaults(name: string): string[] {
  const faults: string[] = [];
  if (name.length > PORT_NAME_LENGTH) faults.push(tooLong(PORT_NAME_LENGTH));
  if (!/^[-a-z0-9]+$/.test(name)) {
    faults.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
  }
  if (!/[a-z]/.test(name)) faults.push("must contain at least one letter (a-z)");
  if (name.includes("--")) faults.push("must not contain consecutive hyphens");
  if (/^-|-$/.test(name)) faults.push("must not begin or end with a hyphen");
  return faults;
}

const VARIABLE = /^[\x20-\x3c\x3e-\x7e]+$/;

/** Names of environment variables (IsRelaxedEnvVarName). */
export function variableNameFault(name: string): string | undefined {
  if (VARIABLE.test(name)) return undefined;
  return "a valid environment variable name must consist only of printable ASCII characters other than '='";
}

/** Names that may be nearly anything, such as `system:node` (IsValidPathSegmentName). */
export function pathSegmentFault(name: string): string | undefined {
  if (name === "." || name === "..") return `may not be '${name}'`;
  for (const letter of ["/", "%"]) if (name.includes(letter)) return `may not contain '${letter}'`;
  return undefined;
}

/** What Kubernetes says of a name with more bytes than it may have. */
export function tooLong(limit: number): string {
  return `must be no more than ${limit} bytes`;
}
