import type { FieldError } from "../errors.ts";
import { IMMUTABLE, invalidValue, notSupported, requiredValue } from "../field-errors.ts";
import type { Kind } from "../kind.ts";
import type { KubeObject } from "../meta.ts";
import { validateMetadata } from "../metadata-validation.ts";
import { AGE, NAME, textColumn } from "./columns.ts";
import { checkSlice } from "./endpoint-validation.ts";

/** discovery.k8s.io/v1 EndpointSlice: up to a thousand addresses behind a service. */
export interface EndpointSlice extends KubeObject {
  readonly addressType: string;
  readonly endpoints: readonly Endpoint[];
  readonly ports?: readonly EndpointPort[];
}

export interface Endpoint {
  readonly addresses: readonly string[];
  readonly conditions?: {
    readonly ready?: boolean;
    readonly serving?: boolean;
    readonly terminating?: boolean;
  };
  readonly hostname?: string;
  readonly nodeName?: string;
  readonly deprecatedTopology?: Readonly<Record<string, string>>;
  readonly hints?: { readonly forZones?: readonly { readonly name?: string }[] };
  readonly targetRef?: {
    readonly kind: string;
    readonly namespace?: string;
    readonly name: string;
    readonly uid: string;
  };
}

export interface EndpointPort {
  readonly name?: string;
  readonly protocol?: string;
  readonly port?: number;
  readonly appProtocol?: string;
}

const ADDRESS_TYPES = ["FQDN", "IPv4", "IPv6"];
const UNSET = "<unset>";
const SHOWN = 3;

export const endpointSlices: Kind<EndpointSlice> = {
  group: "discovery.k8s.io",
  version: "v1",
  kind: "EndpointSlice",
  plural: "endpointslices",
  singular: "endpointslice",
  shortNames: [],
  categories: [],
  namespaced: true,
  schema: "io.k8s.api.discovery.v1.EndpointSlice",
  statusSubresource: false,
  columns: [
    NAME,
    textColumn("AddressType", "What its addresses are.", ({ addressType }: EndpointSlice) => addressType),
    textColumn("Ports", "Ports of every endpoint.", ({ ports = [] }: EndpointSlice) =>
      shortList(ports.map(({ port }) => (port === undefined ? "*" : String(port)))),
    ),
    textColumn("Endpoints", "The first addresses.", ({ endpoints }: EndpointSlice) =>
      shortList(endpoints.flatMap(({ addresses }) => addresses)),
    ),
    AGE,
  ],
  selectableFields: {},
  setDefaults: setSliceDefaults,
  validate: validateEndpointSlice,
};

/** SetDefaults_EndpointPort: a port has a name, be it empty, and a protocol. */
function setSliceDefaults(slice: EndpointSlice): EndpointSlice {
  const { endpoints, ports = [] } = slice;
  const isWhole = ports.every(({ name, protocol }) => name !== undefined && protocol !== undefined);
  if (endpoints !== undefined && isWhole) return slice;
  const whole = { ...slice, endpoints: endpoints ?? [] };
  return isWhole ? whole : { ...whole, ports: ports.map((port) => ({ name: "", protocol: "TCP", ...port })) };
}

function shortList(texts: readonly string[]): string {
  if (texts.length === 0) return UNSET;
  const more = texts.length > SHOWN ? ` + ${texts.length - SHOWN} more...` : "";
  return texts.slice(0, SHOWN).join(",") + more;
}

function validateEndpointSlice(slice: EndpointSlice, old: EndpointSlice | undefined): readonly FieldError[] {
  const errors = validateMetadata(slice.metadata, old?.metadata);
  const { addressType, endpoints } = slice;
  if (!addressType) errors.push(requiredValue("addressType"));
  else if (!ADDRESS_TYPES.includes(addressType)) {
    errors.push(notSupported("addressType", addressType, ADDRESS_TYPES));
  }
  if (endpoints !== old?.endpoints || slice.ports !== old.ports) checkSlice(slice, errors);
  if (old !== undefined && old.addressType !== addressType) {
    errors.push(invalidValue("addressType", addressType, IMMUTABLE));
  }
  return errors;
}
