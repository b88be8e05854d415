import { expect, it } from "vitest";
import { type EndpointSlice, endpointSlices } from "./endpoint-slice.ts";
import { type Endpoints, endpoints } from "./endpoints.ts";

const METADATA = { name: "web", namespace: "default" };

function faultsOfSlice(rest: object): string[] {
  const given = {
    metadata: METADATA,
    addressType: "IPv4",
    endpoints: [{ addresses: ["10.1.1.1"] }],
    ...rest,
  };
  const slice = endpointSlices.setDefaults?.(given as unknown as EndpointSlice) as EndpointSlice;
  return (endpointSlices.validate?.(slice, undefined) ?? []).map(
    ({ field, message }) => `${field}: ${message}`,
  );
}

function faultsOf(subsets: readonly object[]): string[] {
  const given = endpoints.setDefaults?.({ metadata: METADATA, subsets } as unknown as Endpoints) as Endpoints;
  return (endpoints.validate?.(given, undefined) ?? []).map(({ field, message }) => `${field}: ${message}`);
}

it("an EndpointSlice has addresses of its type that others can reach, and ports with names of their own", () => {
  expect(faultsOfSlice({ ports: [{ port: 80 }] })).toEqual([]);
  expect(faultsOfSlice({ addressType: "IPv6", endpoints: [{ addresses: ["2001:db8::1"] }] })).toEqual([]);
  expect(faultsOfSlice({ endpoints: [{ addresses: ["10.1.1"] }, { addresses: [] }] })).toEqual([
    'endpoints[0].addresses[0]: Invalid value: "10.1.1": must be a valid IPv4 address',
    'endpoints[0].addresses[0]: Invalid value: "10.1.1": must be a valid IP address',
    "endpoints[1].addresses: Required value: must contain at least 1 address",
  ]);
  expect(
    faultsOfSlice({ endpoints: [{ addresses: ["127.0.0.1"] }, { addresses: ["169.254.1.1"] }] }),
  ).toEqual([
    'endpoints[0].addresses[0]: Invalid value: "127.0.0.1": ' +
      "may not be in the loopback range (127.0.0.0/8, ::1/128)",
    'endpoints[1].addresses[0]: Invalid value: "169.254.1.1": ' +
      "may not be in the link-local range (169.254.0.0/16, fe80::/10)",
  ]);
  expect(faultsOfSlice({ ports: [{ port: 80 }, { port: 81, protocol: "HTTP" }] })).toEqual([
    'ports[1].name: Duplicate value: ""',
    'ports[1].protocol: Unsupported value: "HTTP": supported values: "SCTP", "TCP", "UDP"',
  ]);
});

it("Endpoints have addresses in every subset, and ports that there are", () => {
  expect(faultsOf([{ addresses: [{ ip: "fd00::9" }], ports: [{ port: 80 }] }])).toEqual([]);
  expect(faultsOf([{ ports: [{ port: 0 }, { name: "b", port: 81 }] }])).toEqual([
    "subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`",
    "subsets[0].ports[0].name: Required value",
    "subsets[0].ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive",
  ]);
  expect(faultsOf([{ notReadyAddresses: [{ ip: "web" }, { ip: "0.0.0.0" }] }])).toEqual([
    'subsets[0].notReadyAddresses[0].ip: Invalid value: "web": ' +
      "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)",
    'subsets[0].notReadyAddresses[0].ip: Invalid value: "web": must be a valid IP address',
    'subsets[0].notReadyAddresses[1].ip: Invalid value: "0.0.0.0": may not be unspecified (0.0.0.0)',
  ]);
});
