import type { FieldError } from "../errors.ts";
import { duplicateValue, forbidden, invalidValue, requiredValue, tooMany } from "../field-errors.ts";
import type { DefinedColumn, DefinedScale, DefinedVersion } from "../kinds/custom-resource-definition.ts";
import { type JsonSchema, propertyOf } from "./json-schema.ts";
import { checkRootWithStatus } from "./root-schema.ts";
import { validateSchema } from "./validate-schema.ts";

const COLUMN_TYPES = ["boolean", "date", "integer", "number", "string"];
const COLUMN_FORMATS = ["byte", "date", "date-time", "double", "float", "int32", "int64", "password"];
const SELECTABLE_MAX = 8;
const SELECTABLE_TYPES = ["string", "integer", "boolean"];
const LONGEST_WARNING = 256;

/** The rules for one version of a definition; that it has a schema is asked before. */
export function validateVersion(version: DefinedVersion, field: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  checkWarning(version, `${field}.deprecationWarning`, errors);
  const schema = version.schema?.openAPIV3Schema;
  if (schema !== undefined) {
    const place = `${field}.schema.openAPIV3Schema`;
    if (version.subresources?.status !== undefined) checkRootWithStatus(schema, place, errors);
    if (schema.nullable) errors.push(forbidden(`${place}.nullable`, "nullable cannot be true at the root"));
    errors.push(...validateSchema(schema, place));
  }
  const { scale } = version.subresources ?? {};
  if (scale !== undefined) checkScale(scale, `${field}.subresources.scale`, errors);
  (version.additionalPrinterColumns ?? []).forEach((column, index) => {
    checkColumn(column, `${field}.additionalPrinterColumns[${index}]`, errors);
  });
  checkSelectable(version, `${field}.selectableFields`, errors);
  return errors;
}

/** validateDeprecationWarning. */
function checkWarning(
  { deprecated, deprecationWarning: text }: DefinedVersion,
  field: string,
  errors: FieldError[],
): void {
  if (text === undefined) return;
  const refuse = (detail: string) => errors.push(invalidValue(field, text, detail));
  if (!deprecated) {
    refuse("can only be set for deprecated versions");
    return;
  }
  if (Buffer.byteLength(text) > LONGEST_WARNING) refuse(`must be <= ${LONGEST_WARNING} characters long`);
  if (text === "") refuse("must not be an empty string");
  const unprintable = [...text.matchAll(/[\p{C}\p{Z}]/gu)].find(([character]) => character !== " ");
  if (unprintable === undefined) return;
  const index = Buffer.byteLength(text.slice(0, unprintable.index));
  const rule = "must only contain printable UTF-8 characters";
  refuse(`${rule}; non-printable character found at index ${index}`);
}

function checkColumn(column: DefinedColumn, field: string, errors: FieldError[]): void {
  const types = `must be one of ${COLUMN_TYPES.join(",")}`;
  if (!column.name) errors.push(requiredValue(`${field}.name`));
  if (!column.type) errors.push(requiredValue(`${field}.type`, types));
  else if (!COLUMN_TYPES.includes(column.type))
    errors.push(invalidValue(`${field}.type`, column.type, types));
  if (column.format && !COLUMN_FORMATS.includes(column.format)) {
    errors.push(invalidValue(`${field}.format`, column.format, `must be one of ${COLUMN_FORMATS.join(",")}`));
  }
  // The field is Kubernetes' own name of it, before there was v1.
  if (!column.jsonPath) errors.push(requiredValue(`${field}.JSONPath`));
  else checkPath(column.jsonPath, `${field}.JSONPath`, errors);
}

/** validateSimpleJSONPath; whether it found a fault. */
function checkPath(path: string, field: string, errors: FieldError[]): boolean {
  if (path.startsWith(".")) return false;
  errors.push(invalidValue(field, path, "must be a simple json path starting with ."));
  return true;
}

function checkScale(scale: DefinedScale, field: string, errors: FieldError[]): void {
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = scale;
  checkReplicas(specReplicasPath, ".spec", `${field}.specReplicasPath`, errors);
  checkReplicas(statusReplicasPath, ".status", `${field}.statusReplicasPath`, errors);
  if (!labelSelectorPath || checkPath(labelSelectorPath, `${field}.labelSelectorPath`, errors)) return;
  if (labelSelectorPath.startsWith(".spec.") || labelSelectorPath.startsWith(".status.")) return;
  const detail = "should be a json path under either .spec or .status";
  errors.push(invalidValue(`${field}.labelSelectorPath`, labelSelectorPath, detail));
}

function checkReplicas(path: string | undefined, root: string, field: string, errors: FieldError[]): void {
  if (!path) errors.push(requiredValue(field));
  else if (!checkPath(path, field, errors) && !path.startsWith(`${root}.`)) {
    errors.push(invalidValue(field, path, `should be a json path under ${root}`));
  }
}

/** Fields to select by must be there, and be scalars. */
function checkSelectable(version: DefinedVersion, field: string, errors: FieldError[]): void {
  const seen = new Set<string>();
  for (const [index, { jsonPath = "" }] of (version.selectableFields ?? []).entries()) {
    const place = `${field}[${index}].jsonPath`;
    const found = schemaAt(version.schema?.openAPIV3Schema, jsonPath);
    if (jsonPath === "") errors.push(requiredValue(place));
    else if (found === undefined && !jsonPath.startsWith(".metadata")) {
      errors.push(invalidValue(place, jsonPath, "is an invalid path: does not refer to a valid field"));
    } else {
      checkScalar(place, jsonPath, found, errors);
      if (seen.has(jsonPath)) errors.push(duplicateValue(place, jsonPath));
      seen.add(jsonPath);
    }
  }
  if (seen.size > SELECTABLE_MAX) errors.push(tooMany(field, seen.size, SELECTABLE_MAX));
}

function checkScalar(place: string, path: string, found: JsonSchema | undefined, errors: FieldError[]): void {
  if (path.startsWith(".metadata")) {
    errors.push(invalidValue(place, path, "must not point to fields in metadata"));
  }
  if (found === undefined || SELECTABLE_TYPES.includes(found.type ?? "")) return;
  const detail =
    "must point to a field of type string, boolean or integer. " +
    "Enum string fields and strings with formats are allowed.";
  errors.push(invalidValue(place, path, detail));
}

function schemaAt(schema: JsonSchema | undefined, path: string): JsonSchema | undefined {
  let found = schema;
  for (const name of path.slice(1).split(".")) found = found && propertyOf(found, name);
  return found;
}
