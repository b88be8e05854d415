import { encodeObject } from "../api/encoding.ts";
import type { Status } from "../api/errors.ts";
import { apiVersionOf, type Kind } from "../api/kind.ts";
import type { KubeObject } from "../api/meta.ts";
import type { Form } from "./accept.ts";
import { partialMetadata } from "./partial-metadata.ts";
import { type IncludeObject, tableHead, tableRow, tableText } from "./table.ts";

/**
 * How objects of a kind look to one client: as they are, as tables or as bare metadata. Lists are made of `listHead`,
 * the items joined by commas, and `listTail`; watches of `eventObject`.
 */
export interface View {
  /** Two watches with equal ids see the same bytes. */
  readonly id: string;
  /** A whole answer about one object. */
  single(object: KubeObject): Buffer | string;
  listHead(metadata: ListMetadata): string;
  readonly listTail: string;
  item(object: KubeObject): Buffer | string;
  /** True when the first event of a watch looks unlike the others. */
  readonly marksFirst: boolean;
  /** The `object` of a watch event. `isFirst` is true for the first event of a watch. */
  eventObject(object: KubeObject, isFirst: boolean): Buffer | string;
  /** The `object` of a BOOKMARK. */
  bookmark(metadata: BookmarkMetadata): string;
}

/** metav1.ListMeta. */
export interface ListMetadata {
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

interface BookmarkMetadata {
  readonly resourceVersion: string;
  readonly creationTimestamp: null;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Makes the view that a form asks for; `now` gives the time for ages, in ms since the epoch. */
export function viewOf(kind: Kind, form: Form, includeObject: IncludeObject, now: () => number): View {
  if (form.as === "Table") return tableView(kind, form.version, includeObject, now);
  if (form.as === "PartialObjectMetadata") return partialView(form.version);
  return plainView(kind);
}

/** True for what `Objects.delete` answers when the object is gone. */
export function isStatus(value: KubeObject | Status): value is Status {
  return value.kind === "Status";
}

function plainView(kind: Kind): View {
  const apiVersion = apiVersionOf(kind);
  return {
    id: "json",
    single: encodeObject,
    listHead: (metadata) => head(`${kind.kind}List`, apiVersion, metadata),
    listTail: "]}\n",
    item: encodeObject,
    marksFirst: false,
    eventObject: encodeObject,
    bookmark: (metadata) => JSON.stringify({ kind: kind.kind, apiVersion, metadata }),
  };
}

function partialView(version: string): View {
  const apiVersion = `meta.k8s.io/${version}`;
  const view = (object: KubeObject) => JSON.stringify(partialMetadata(object, apiVersion));
  return {
    id: `partial/${version}`,
    single: view,
    listHead: (metadata) => head("PartialObjectMetadataList", apiVersion, metadata),
    listTail: "]}\n",
    item: view,
    marksFirst: false,
    eventObject: view,
    bookmark: (metadata) => JSON.stringify({ kind: "PartialObjectMetadata", apiVersion, metadata }),
  };
}

function head(kind: string, apiVersion: string, metadata: ListMetadata): string {
  const text = JSON.stringify({ kind, apiVersion, metadata });
  return `${text.slice(0, -1)},"items":[`;
}

function tableView(kind: Kind, version: string, include: IncludeObject, now: () => number): View {
  const apiVersion = `meta.k8s.io/${version}`;
  const row = (object: KubeObject) => tableRow(kind, apiVersion, object, include, now());
  const one = (object: KubeObject, withColumns: boolean) =>
    tableText(
      kind,
      apiVersion,
      { resourceVersion: object.metadata.resourceVersion },
      withColumns,
      row(object),
    );
  return {
    id: `table/${version}/${include}`,
    single: (object) => one(object, true),
    listHead: (metadata) => tableHead(kind, apiVersion, metadata, true),
    listTail: "]}\n",
    item: row,
    marksFirst: true,
    eventObject: one,
    bookmark: (metadata) => tableText(kind, apiVersion, metadata, false, ""),
  };
}
