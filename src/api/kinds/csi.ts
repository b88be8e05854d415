import type { FieldError } from "../errors.ts";
import { requiredValue } from "../field-errors.ts";
import type { Column, Kind } from "../kind.ts";
import type { KubeObject } from "../meta.ts";
import { validateMetadata } from "../metadata-validation.ts";
import { AGE, NAME, textColumn } from "./columns.ts";

/** storage.k8s.io/v1 CSIDriver: stored; nobody asks it. */
export interface CsiDriver extends KubeObject {
  readonly spec: {
    readonly attachRequired: boolean;
    readonly podInfoOnMount: boolean;
    readonly storageCapacity: boolean;
    readonly requiresRepublish: boolean;
    readonly tokenRequests?: readonly { readonly audience: string }[];
    readonly volumeLifecycleModes: readonly string[];
    readonly fsGroupPolicy: string;
  };
}

/** storage.k8s.io/v1 CSINode: stored; nobody asks it. */
export interface CsiNode extends KubeObject {
  readonly spec: { readonly drivers?: readonly object[] };
}

/** storage.k8s.io/v1 VolumeAttachment: stored; nothing attaches. */
export interface VolumeAttachment extends KubeObject {
  readonly spec: {
    readonly attacher: string;
    readonly nodeName: string;
    readonly source: { readonly persistentVolumeName?: string };
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

function validateAttachment(
  { metadata, spec }: VolumeAttachment,
  old: VolumeAttachment | undefined,
): readonly FieldError[] {
  const errors = validateMetadata(metadata, old?.metadata);
  if (!spec?.attacher) errors.push(requiredValue("spec.attacher"));
  if (!spec?.nodeName) errors.push(requiredValue("spec.nodeName"));
  if (spec?.source === undefined) errors.push(requiredValue("spec.source"));
  return errors;
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
    selectableFields: {},
    validate: ({ metadata }, old) => validateMetadata(metadata, old?.metadata),
  };
}

function flag(name: string, description: string, cell: (driver: CsiDriver) => boolean): Column<CsiDriver> {
  return { name, type: "boolean", description, priority: 0, cell };
}
