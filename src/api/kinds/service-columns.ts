import type { Column } from "../kind.ts";
import { selectorText } from "../label-selector.ts";
import { AGE, NAME, NONE, textColumn } from "./columns.ts";
import type { Service } from "./service.ts";

export const serviceColumns: readonly Column<Service>[] = [
  NAME,
  textColumn("Type", "How it can be reached.", ({ spec }: Service) => spec.type),
  textColumn("Cluster-IP", "Its address in the cluster.", ({ spec }: Service) => spec.clusterIP || NONE),
  textColumn("External-IP", "Where it is reached from outside.", externalAddress),
  textColumn("Port(s)", "Ports, with those of the nodes.", ({ spec }: Service) => portsText(spec.ports)),
  AGE,
  textColumn(
    "Selector",
    "Labels of its pods.",
    ({ spec }: Service) => selectorText({ matchLabels: spec.selector ?? {} }) || NONE,
    1,
  ),
];

function externalAddress({ spec, status }: Service): string {
  const { externalIPs = [] } = spec;
  if (spec.type === "ExternalName") return spec.externalName ?? NONE;
  if (spec.type !== "LoadBalancer") return externalIPs.join(",") || NONE;
  const given = (status.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip ?? hostname ?? "");
  return [...given, ...externalIPs].join(",") || "<pending>";
}

function portsText(ports: Service["spec"]["ports"] = []): string {
  const texts = ports.map(({ port, nodePort, protocol }) =>
    nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`,
  );
  return texts.join(",") || NONE;
}
