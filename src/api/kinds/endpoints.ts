import type { Kind } from "../kind.ts";
import type { KubeObject } from "../meta.ts";
import { validateMetadata } from "../metadata-validation.ts";
import { AGE, NAME, NONE, textColumn } from "./columns.ts";
import { checkSubsets } from "./endpoint-validation.ts";

/** v1 Endpoints: what was before EndpointSlices; addresses and ports behind the service of the same name. */
export interface Endpoints extends KubeObject {
  readonly subsets?: readonly EndpointSubset[];
}

export interface EndpointSubset {
  readonly addresses?: readonly EndpointAddress[];
  readonly notReadyAddresses?: readonly EndpointAddress[];
  readonly ports?: readonly {
    readonly name?: string;
    readonly port: number;
    readonly protocol: string;
    readonly appProtocol?: string;
  }[];
}

export interface EndpointAddress {
  readonly ip: string;
  readonly hostname?: string;
  readonly nodeName?: string;
  readonly targetRef?: object;
}

const SHOWN = 3;

export const endpoints: Kind<Endpoints> = {
  group: "",
  version: "v1",
  kind: "Endpoints",
  plural: "endpoints",
  singular: "endpoints",
  shortNames: ["ep"],
  categories: [],
  namespaced: true,
  schema: "io.k8s.api.core.v1.Endpoints",
  statusSubresource: false,
  deprecation: "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
  columns: [NAME, textColumn("Endpoints", "The first of its addresses that are ready.", addressesText), AGE],
  selectableFields: {},
  setDefaults: setEndpointsDefaults,
  validate({ metadata, subsets = [] }, old) {
    const errors = [...validateMetadata(metadata, old?.metadata)];
    if (subsets !== old?.subsets) checkSubsets(subsets, errors);
    return errors;
  },
};

/** Ports are TCP unless they say otherwise. */
function setEndpointsDefaults(endpoints: Endpoints): Endpoints {
  const { subsets = [] } = endpoints;
  if (subsets.every(({ ports = [] }) => ports.every(({ protocol }) => protocol !== undefined)))
    return endpoints;
  const whole = subsets.map((subset) =>
    subset.ports === undefined
      ? subset
      : { ...subset, ports: subset.ports.map((port) => ({ ...port, protocol: port.protocol ?? "TCP" })) },
  );
  return { ...endpoints, subsets: whole };
}

function addressesText({ subsets = [] }: Endpoints): string {
  const all = subsets.flatMap(({ addresses = [], ports = [] }) =>
    ports.length === 0
      ? addresses.map(({ ip }) => ip)
      : ports.flatMap(({ port }) => addresses.map(({ ip }) => `${ip}:${port}`)),
  );
  if (all.length === 0) return NONE;
  const more = all.length > SHOWN ? ` + ${all.length - SHOWN} more...` : "";
  return all.slice(0, SHOWN).join(",") + more;
}
