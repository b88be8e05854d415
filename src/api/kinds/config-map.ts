import type { FieldError } from "../errors.ts";
import { invalidValue, tooLong } from "../field-errors.ts";
import type { Kind } from "../kind.ts";
import type { KubeObject } from "../meta.ts";
import { validateMetadata } from "../metadata-validation.ts";
import { AGE, NAME } from "./columns.ts";
import { checkDataKeys, checkImmutable, DATA_BYTES, decodedBytes } from "./data-validation.ts";
import { countColumn } from "./workload-columns.ts";

/** v1 ConfigMap: texts and bytes (in base64) by key. */
export interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
  readonly binaryData?: Readonly<Record<string, string>>;
  readonly immutable?: boolean;
}

export const configMaps: Kind<ConfigMap> = {
  group: "",
  version: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
  singular: "configmap",
  shortNames: ["cm"],
  categories: [],
  namespaced: true,
  schema: "io.k8s.api.core.v1.ConfigMap",
  statusSubresource: false,
  columns: [
    NAME,
    countColumn(
      "Data",
      "How many keys it has.",
      ({ data = {}, binaryData = {} }: ConfigMap) =>
        Object.keys(data).length + Object.keys(binaryData).length,
    ),
    AGE,
  ],
  selectableFields: {},
  validate: validateConfigMap,
};

function validateConfigMap(configMap: ConfigMap, old: ConfigMap | undefined): readonly FieldError[] {
  const errors = validateMetadata(configMap.metadata, old?.metadata);
  const { data, binaryData } = configMap;
  if (data !== old?.data || binaryData !== old?.binaryData) checkData(configMap, errors);
  checkImmutable(configMap, old, ["data", "binaryData"], errors);
  return errors;
}

function checkData({ data = {}, binaryData = {} }: ConfigMap, errors: FieldError[]): void {
  checkDataKeys("data", data, errors);
  checkDataKeys("binaryData", binaryData, errors);
  let bytes = 0;
  for (const [key, text] of Object.entries(data)) {
    bytes += Buffer.byteLength(text);
    if (Object.hasOwn(binaryData, key)) {
      errors.push(invalidValue(`data[${key}]`, key, "duplicate of key present in binaryData"));
    }
  }
  for (const text of Object.values(binaryData)) bytes += decodedBytes(text);
  // The field without a name is Kubernetes' own.
  if (bytes > DATA_BYTES) errors.push(tooLong("[]", DATA_BYTES));
}
