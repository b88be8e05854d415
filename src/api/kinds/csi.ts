import { ALL_WRITTEN_METADATA, type Column, type Kind } from "../kind.ts";
import type { KubeObject } from "../meta.ts";
import { AGE, NAME, textColumn } from "./columns.ts";
import { validateAttachment, validateDriver, validateNode } from "./csi-validation.ts";

/** storage.k8s.io/v1 CSIDriver: stored; nobody asks it. */
export interface CsiDriver extends KubeObject {
  readonly spec: {
    readonly attachRequired: boolean;
    readonly podInfoOnMount: boolean;
    readonly storageCapacity: boolean;
    readonly requiresRepublish: boolean;
    readonly tokenRequests?: readonly { readonly audience: string; readonly expirationSeconds?: number }[];
    readonly volumeLifecycleModes: readonly string[];
    readonly fsGroupPolicy: string;
    readonly nodeAllocatableUpdatePeriodSeconds?: number;
  };
}

/** storage.k8s.io/v1 CSINode: stored; nobody asks it. */
export interface CsiNode extends KubeObject {
  readonly spec: { readonly drivers?: readonly CsiNodeDriver[] };
}

export interface CsiNodeDriver {
  readonly name: string;
  readonly nodeID: string;
  readonly topologyKeys?: readonly string[];
  readonly allocatable?: { readonly count?: number };
}

/** storage.k8s.io/v1 VolumeAttachment: stored; nothing attaches. */
export interface VolumeAttachment extends KubeObject {
  readonly spec: {
    readonly attacher: string;
    readonly nodeName: string;
    readonly source: { readonly persistentVolumeName?: string; readonly inlineVolumeSpec?: object };
  };
  readonly status: { readonly attached: boolean };
}

const UNSET = "<unset>";

const DRIVER_DEFAULTS = {
  attachRequired: true,
  podInfoOnMount: false,
  storageCapacity: false,
  requiresRepublish: false,
  volumeLifecycleModes: ["Persistent"],
  fsGroupPolicy: "ReadWriteOnceWithFSType",
  seLinuxMount: false,
};

export const csiDrivers: Kind<CsiDriver> = {
  ...stored<CsiDriver>("CSIDriver", false),
  columns: [
    NAME,
    flag("AttachRequired", "Whether volumes are attached first.", ({ spec }) => spec.attachRequired),
    flag("PodInfoOnMount", "Whether it is told about the pod.", ({ spec }) => spec.podInfoOnMount),
    flag("StorageCapacity", "Whether it reports capacity.", ({ spec }) => spec.storageCapacity),
    textColumn(
      "TokenRequests",
      "Audiences of the tokens it needs.",
      ({ spec }: CsiDriver) => spec.tokenRequests?.map(({ audience }) => audience).join(",") || UNSET,
    ),
    flag("RequiresRepublish", "Whether it is called again and again.", ({ spec }) => spec.requiresRepublish),
    textColumn("Modes", "Lifecycles of its volumes.", ({ spec }: CsiDriver) =>
      spec.volumeLifecycleModes.join(","),
    ),
    AGE,
  ],
  setDefaults: setDriverDefaults,
  validate: validateDriver,
};

export const csiNodes: Kind<CsiNode> = {
  ...stored<CsiNode>("CSINode", false),
  columns: [
    NAME,
    {
      name: "Drivers",
      type: "integer",
      description: "How many drivers there are on the node.",
      priority: 0,
      cell: ({ spec }) => spec.drivers?.length ?? 0,
    },
    AGE,
  ],
  setDefaults: (node) => (node.spec === undefined ? { ...node, spec: {} } : node),
  validate: validateNode,
};

export const volumeAttachments: Kind<VolumeAttachment> = {
  ...stored<VolumeAttachment>("VolumeAttachment", true),
  columns: [
    NAME,
    textColumn("Attacher", "Who attaches it.", ({ spec }: VolumeAttachment) => spec.attacher),
    textColumn("PV", "The volume.", ({ spec }: VolumeAttachment) => spec.source.persistentVolumeName ?? ""),
    textColumn("Node", "Where it is attached.", ({ spec }: VolumeAttachment) => spec.nodeName),
    {
      name: "Attached",
      type: "boolean",
      description: "Whether it is.",
      priority: 0,
      cell: ({ status }) => status.attached,
    },
    AGE,
  ],
  setDefaults: (attachment) =>
    attachment.status === undefined ? { ...attachment, status: { attached: false } } : attachment,
  validate: validateAttachment,
  prepareForCreate: (attachment) => ({ ...attachment, status: { attached: false } }),
};

function setDriverDefaults(driver: CsiDriver): CsiDriver {
  const given: Readonly<Record<string, unknown>> = driver.spec ?? {};
  if (Object.keys(DRIVER_DEFAULTS).every((field) => given[field] !== undefined)) return driver;
  return { ...driver, spec: { ...DRIVER_DEFAULTS, ...driver.spec } };
}

function stored<T extends KubeObject>(kind: string, statusSubresource: boolean): Omit<Kind<T>, "columns"> {
  const singular = kind.toLowerCase();
  return {
    group: "storage.k8s.io",
    version: "v1",
    kind,
    plural: `${singular}s`,
    singular,
    shortNames: [],
    categories: [],
    namespaced: false,
    schema: `io.k8s.api.storage.v1.${kind}`,
    statusSubresource,
    keptByStatus: ALL_WRITTEN_METADATA,
    putNamesVersion: true,
    selectableFields: {},
  };
}

function flag(name: string, description: string, cell: (driver: CsiDriver) => boolean): Column<CsiDriver> {
  return { name, type: "boolean", description, priority: 0, cell };
}
