import { endpointSlices } from "../../src/api/kinds/endpoint-slice.ts";
import { endpoints } from "../../src/api/kinds/endpoints.ts";
import { ingresses } from "../../src/api/kinds/ingress.ts";
import { ingressClasses } from "../../src/api/kinds/ingress-class.ts";
import {
  at,
  DNS_1035,
  IMMUTABLE,
  LABEL,
  parts,
  QUALIFIED_NAME,
  SUBDOMAIN,
  spec,
  subject,
} from "./changes.ts";
import { mistakesOnCreate, mistakesOnStatus, mistakesOnUpdate } from "./mistakes.ts";

const RULE = "spec.rules.0";
const PATH = `${RULE}.http.paths.0`;
const PATH_FIELD = "spec.rules[0].http.paths[0]";
const WILDCARD =
  "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of " +
  "lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', " +
  "regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const IP = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
const PORTS = "must be between 1 and 65535, inclusive";

mistakesOnCreate(subject(ingresses), {
  "nothing to route": [
    parts({ spec: {} }),
    "spec: Invalid value: null: either `defaultBackend` or `rules` must be specified",
  ],
  "an address as host": [
    at(RULE, { host: "10.0.0.1" }),
    'spec.rules[0].host: Invalid value: "10.0.0.1": must be a DNS name, not an IP address',
  ],
  "a host in capitals": [at(RULE, { host: "Web" }), `spec.rules[0].host: Invalid value: "Web": ${SUBDOMAIN}`],
  "a star in the middle": [
    at(RULE, { host: "web.*.com" }),
    `spec.rules[0].host: Invalid value: "web.*.com": ${WILDCARD}`,
  ],
  "no paths": [at(`${RULE}.http`, { paths: [] }), "spec.rules[0].http.paths: Required value"],
  "a path without its type, and nothing else of it": [
    at(PATH, { pathType: undefined, path: "web" }),
    `${PATH_FIELD}.pathType: Required value: pathType must be specified`,
  ],
  "a type of path that is none": [
    at(PATH, { pathType: "Regex" }),
    `${PATH_FIELD}.pathType: Unsupported value: "Regex": supported values: "Exact", "ImplementationSpecific", "Prefix"`,
  ],
  "a path that does not start with a slash": [
    at(PATH, { path: "web" }),
    `${PATH_FIELD}.path: Invalid value: "web": must be an absolute path`,
  ],
  "a path that goes up": [
    at(PATH, { path: "/a//b/.." }),
    `${PATH_FIELD}.path: Invalid value: "/a//b/..": must not contain '//'`,
    `${PATH_FIELD}.path: Invalid value: "/a//b/..": cannot end with '/..'`,
  ],
  "nothing behind a path": [
    at(PATH, { backend: {} }),
    `${PATH_FIELD}.backend: Invalid value: "": resource or service backend is required`,
  ],
  "a service and something else behind it": [
    at(`${PATH}.backend`, { resource: { kind: "Bucket", name: "b" } }),
    `${PATH_FIELD}.backend: Invalid value: "": cannot set both resource and service backends`,
  ],
  "a service without name and port": [
    at(`${PATH}.backend`, { service: { name: "" } }),
    `${PATH_FIELD}.backend.service.name: Required value`,
    `${PATH_FIELD}.backend: Required value: port name or number is required`,
  ],
  "a service that none can be": [
    at(`${PATH}.backend.service`, { name: "1web" }),
    `${PATH_FIELD}.backend.service.name: Invalid value: "1web": ${DNS_1035}`,
  ],
  "a port by name and number": [
    at(`${PATH}.backend.service.port`, { name: "http" }),
    `${PATH_FIELD}.backend: Invalid value: "": cannot set both port name & port number`,
  ],
  "a port that there is not": [
    at(`${PATH}.backend.service.port`, { number: 70_000 }),
    `${PATH_FIELD}.backend.service.port.number: Invalid value: 70000: ${PORTS}`,
  ],
  "another resource without kind and name": [
    spec({ defaultBackend: { resource: { apiGroup: "Storage", kind: "a/b", name: "" } } }),
    `spec.defaultBackend.resource.apiGroup: Invalid value: "Storage": ${SUBDOMAIN}`,
    `spec.defaultBackend.resource.kind: Invalid value: "a/b": may not contain '/'`,
    "spec.defaultBackend.resource.name: Required value",
  ],
  "certificates for what is no host": [
    spec({ tls: [{ hosts: ["a_b", "*b.com"], secretName: "My" }] }),
    `spec.tls[0].hosts[0]: Invalid value: "a_b": ${SUBDOMAIN}`,
    `spec.tls[0].hosts[1]: Invalid value: "*b.com": ${WILDCARD}`,
    `spec.tls[0].secretName: Invalid value: "My": ${SUBDOMAIN}`,
  ],
  "a class that none can be": [
    spec({ ingressClassName: "" }),
    `spec.ingressClassName: Invalid value: "": ${SUBDOMAIN}`,
  ],
  "two classes": [
    (object) => {
      object.metadata.annotations = { "kubernetes.io/ingress.class": "nginx" };
      object.spec.ingressClassName = "other";
    },
    'annotations.kubernetes.io/ingress.class: Invalid value: "nginx": must match `ingressClassName` when both are ' +
      "specified",
  ],
});
mistakesOnStatus(subject(ingresses), {
  "an address that is none": [
    parts({ status: { loadBalancer: { ingress: [{ ip: "10.0.0" }, { hostname: "10.0.0.1" }] } } }),
    `status.loadBalancer.ingress[0].ip: Invalid value: "10.0.0": ${IP}`,
    'status.loadBalancer.ingress[1].hostname: Invalid value: "10.0.0.1": must be a DNS name, not an IP address',
  ],
});

mistakesOnCreate(subject(ingressClasses), {
  "no controller": [parts({ spec: {} }), "spec.controller: Required value"],
  "a controller without a domain": [
    spec({ controller: "nginx" }),
    'spec.controller: Invalid value: "nginx": must be a domain-prefixed path (such as "acme.io/foo")',
  ],
  "a controller with a blank": [
    spec({ controller: "Example.com/a b" }),
    `spec.controller: Invalid value: "Example.com": ${SUBDOMAIN}`,
    'spec.controller: Invalid value: "a b": Invalid path (regex used for validation is ' +
      "'[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')",
  ],
  "a controller that is too long": [
    spec({ controller: `example.com/${"a".repeat(239)}` }),
    "spec.controller: Too long: may not be more than 250 bytes",
  ],
  "parameters of nothing": [
    spec({ parameters: {} }),
    "spec.parameters.kind: Required value",
    "spec.parameters.name: Required value",
  ],
  "parameters everywhere": [
    spec({ parameters: { kind: "A", name: "a", scope: "World" } }),
    'spec.parameters.scope: Unsupported value: "World": supported values: "Cluster", "Namespace"',
  ],
  "parameters in no namespace": [
    spec({ parameters: { kind: "A", name: "a", scope: "Namespace" } }),
    "spec.parameters.namespace: Required value: `parameters.scope` is set to 'Namespace'",
  ],
  "parameters of the cluster in a namespace": [
    spec({ parameters: { kind: "A", name: "a", namespace: "b" } }),
    "spec.parameters.namespace: Forbidden: `parameters.scope` is set to 'Cluster'",
  ],
});
mistakesOnUpdate(subject(ingressClasses), {
  "another controller": [
    spec({ controller: "example.com/other" }),
    `spec.controller: Invalid value: "example.com/other": ${IMMUTABLE}`,
  ],
});

mistakesOnCreate(subject(endpoints), {
  "no addresses": [
    parts({ subsets: [{ ports: [{ port: 80 }] }] }),
    "subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`",
  ],
  "an address that is none": [
    at("subsets.0.addresses.0", { ip: "web" }),
    `subsets[0].addresses[0].ip: Invalid value: "web": ${IP}`,
    'subsets[0].addresses[0].ip: Invalid value: "web": must be a valid IP address',
  ],
  "an address of everybody": [
    at("subsets.0.addresses.0", { ip: "127.0.0.1", hostname: "A", nodeName: "Node" }),
    `subsets[0].addresses[0].hostname: Invalid value: "A": ${LABEL}`,
    `subsets[0].addresses[0].nodeName: Invalid value: "Node": ${SUBDOMAIN}`,
    'subsets[0].addresses[0].ip: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
  ],
  "ports without names": [
    at("subsets.0", { ports: [{ port: 0 }, { name: "b", port: 1, protocol: "HTTP", appProtocol: "h 2" }] }),
    "subsets[0].ports[0].name: Required value",
    `subsets[0].ports[0].port: Invalid value: 0: ${PORTS}`,
    'subsets[0].ports[1].protocol: Unsupported value: "HTTP": supported values: "SCTP", "TCP", "UDP"',
    `subsets[0].ports[1].appProtocol: Invalid value: "h 2": ${QUALIFIED_NAME}`,
  ],
});

mistakesOnCreate(subject(endpointSlices), {
  "no type of addresses": [parts({ addressType: undefined }), "addressType: Required value"],
  "a type of addresses that is none": [
    parts({ addressType: "IP" }),
    'addressType: Unsupported value: "IP": supported values: "FQDN", "IPv4", "IPv6"',
  ],
  "an endpoint without addresses": [
    at("endpoints.0", { addresses: [] }),
    "endpoints[0].addresses: Required value: must contain at least 1 address",
  ],
  "an address of the other family": [
    at("endpoints.0", { addresses: ["2001:db8::1"] }),
    'endpoints[0].addresses[0]: Invalid value: "2001:db8::1": must be a valid IPv4 address',
  ],
  "a name that is not whole": [
    parts({ addressType: "FQDN", endpoints: [{ addresses: ["web"] }] }),
    'endpoints[0].addresses[0]: Invalid value: "web": should be a domain with at least two segments separated by dots',
  ],
  "a host and a node in capitals": [
    at("endpoints.0", { hostname: "A", nodeName: "Node" }),
    `endpoints[0].nodeName: Invalid value: "Node": ${SUBDOMAIN}`,
    `endpoints[0].hostname: Invalid value: "A": ${LABEL}`,
  ],
  "a zone twice": [
    at("endpoints.0", { hints: { forZones: [{ name: "a" }, { name: "a" }] } }),
    'endpoints[0].hints.forZones[1].name: Duplicate value: "a"',
  ],
  "too many zones": [
    at("endpoints.0", {
      hints: { forZones: Array.from({ length: 9 }, (_, index) => ({ name: `z${index}` })) },
    }),
    "endpoints[0].hints.forZones: Too many: 9: must have at most 8 items",
  ],
  "too many addresses": [
    at("endpoints.0", { addresses: Array.from({ length: 101 }, (_, index) => `10.1.2.${index}`) }),
    "endpoints[0].addresses: Too many: 101: must have at most 100 items",
  ],
  "ports of one name": [
    parts({ ports: [{ port: 80 }, { port: 81, appProtocol: "h 2" }] }),
    'ports[1].name: Duplicate value: ""',
    `ports[1].appProtocol: Invalid value: "h 2": ${QUALIFIED_NAME}`,
  ],
});
mistakesOnUpdate(subject(endpointSlices), {
  "addresses of another type": [
    parts({ addressType: "IPv6", endpoints: [] }),
    `addressType: Invalid value: "IPv6": ${IMMUTABLE}`,
  ],
});
