import { ApiError } from "../api/errors.ts";
import type { Column, Kind } from "../api/kind.ts";
import type { KubeObject } from "../api/meta.ts";
import { partialMetadata } from "./partial-metadata.ts";

/** What a table's rows carry beside the cells. */
export type IncludeObject = "Metadata" | "Object" | "None";

/** Reads the includeObject parameter; Metadata when absent. */
export function includeObjectOf(text: string | undefined): IncludeObject {
  if (text === undefined || text === "") return "Metadata";
  if (text === "Metadata" || text === "Object" || text === "None") return text;
  const supported = '"Metadata", "None", "Object"';
  throw new ApiError(
    "Invalid",
    `includeObject: Unsupported value: ${JSON.stringify(text)}: supported values: ${supported}`,
  );
}

/** A metav1.Table up to its rows, which follow joined by commas, and then `]}`. */
export function tableHead(kind: Kind, apiVersion: string, metadata: object, withColumns: boolean): string {
  const columnDefinitions = withColumns ? columnsOf(kind).map(definitionOf) : null;
  const text = JSON.stringify({ kind: "Table", apiVersion, metadata, columnDefinitions });
  return `${text.slice(0, -1)},"rows":[`;
}

/** A whole table of the rows given as text. */
export function tableText(
  kind: Kind,
  apiVersion: string,
  metadata: object,
  withColumns: boolean,
  rows: string,
): string {
  return `${tableHead(kind, apiVersion, metadata, withColumns)}${rows}]}`;
}

/** One row as JSON. */
export function tableRow(
  kind: Kind,
  apiVersion: string,
  object: KubeObject,
  include: IncludeObject,
  now: number,
): string {
  const cells = columnsOf(kind).map((column) => column.cell(object, now));
  const conditions = rowConditions(object);
  return JSON.stringify({
    cells,
    ...(conditions && { conditions }),
    ...(include === "Metadata" && { object: rowObject(object, apiVersion) }),
    ...(include === "Object" && { object }),
  });
}

/** What a row says of its object. Who owns which fields is long, and no table shows it. */
function rowObject(object: KubeObject, apiVersion: string): object {
  const { managedFields, ...metadata } = object.metadata;
  return partialMetadata(managedFields === undefined ? object : { ...object, metadata }, apiVersion);
}

/** Kinds without columns of their own show name and creation time. */
function columnsOf(kind: Kind): readonly Column[] {
  return kind.columns.length > 0 ? kind.columns : PLAIN_COLUMNS;
}

const PLAIN_COLUMNS: readonly Column[] = [
  {
    name: "Name",
    type: "string",
    format: "name",
    description: "Name of the object.",
    priority: 0,
    cell: (object) => object.metadata.name,
  },
  {
    name: "Created At",
    type: "string",
    description: "When the object was created.",
    priority: 0,
    cell: (object) => object.metadata.creationTimestamp,
  },
];

function definitionOf({ name, type, format, description, priority }: Column): object {
  return { name, type, format: format ?? "", description, priority };
}

/** kubectl leaves out finished pods by this mark when it is asked for live ones. */
function rowConditions(object: KubeObject): readonly object[] | undefined {
  if (object.kind !== "Pod") return undefined;
  const phase = (object as KubeObject & { readonly status?: { readonly phase?: string } }).status?.phase;
  if (phase !== "Succeeded" && phase !== "Failed") return undefined;
  return [
    { type: "Completed", status: "True", reason: phase, message: `The pod has ${PHASE_WORDS[phase]}.` },
  ];
}

const PHASE_WORDS = { Succeeded: "completed successfully", Failed: "failed" } as const;
