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
  return DNS_LABEL.test(name) ? undefined : DNS_LABEL_MESSAGE;
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

/** Keys of labels, annotations and taints: `[prefix/]name`. */
export function qualifiedNameFault(key: string): string | undefined {
  const slash = key.indexOf("/");
  if (slash >= 0) {
    const prefix = key.slice(0, slash);
    if (prefix === "") return "prefix part must be non-empty";
    const fault = dnsSubdomainFault(prefix);
    if (fault !== undefined) return `prefix part ${fault}`;
  }
  return namePartFault(slash < 0 ? key : key.slice(slash + 1));
}

/** Values of labels; they may be empty. */
export function labelValueFault(value: string): string | undefined {
  if (value.length > LABEL_LENGTH) return tooLong(LABEL_LENGTH);
  return value === "" || QUALIFIED.test(value) ? undefined : LABEL_VALUE_MESSAGE;
}

function namePartFault(name: string): string | undefined {
  if (name === "") return "name part must be non-empty";
  if (name.length > LABEL_LENGTH) return `name part ${tooLong(LABEL_LENGTH)}`;
  return QUALIFIED.test(name) ? undefined : `name part ${QUALIFIED_MESSAGE}`;
}

function tooLong(limit: number): string {
  return `must be no more than ${limit} characters`;
}
