import type { FieldError } from "../errors.ts";
import { duplicateValue, invalidValue, requiredValue, tooMany } from "../field-errors.ts";
import type { DefinedColumn, DefinedScale, DefinedVersion } from "../kinds/custom-resource-definition.ts";
import { type JsonSchema, propertyOf } from "./json-schema.ts";
import { validateSchema } from "./validate-schema.ts";

const COLUMN_TYPES = ["boolean", "date", "integer", "number", "string"];
const COLUMN_FORMATS = ["byte", "date", "date-time", "double", "float", "int32", "int64", "password"];
const SELECTABLE_MAX = 8;
const SELECTABLE_TYPES = ["string", "integer", "boolean"];

/** The rules for one version of a definition. */
export function validateVersion(version: DefinedVersion, field: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  const schema = version.schema?.openAPIV3Schema;
  if (schema === undefined) {
    errors.push(requiredValue(`${field}.schema.openAPIV3Schema`, "schemas are required"));
  } else {
    errors.push(...validateSchema(schema, `${field}.schema.openAPIV3Schema`));
  }
  (version.additionalPrinterColumns ?? []).forEach((column, index) => {
    checkColumn(column, `${field}.additionalPrinterColumns[${index}]`, errors);
  });
  const { scale } = version.subresources ?? {};
  if (scale !== undefined) checkScale(scale, `${field}.subresources.scale`, errors);
  checkSelectable(version, `${field}.selectableFields`, errors);
  if (version.deprecationWarning !== undefined && !version.deprecated) {
    const detail = "can only be set for deprecated versions";
    errors.push(invalidValue(`${field}.deprecationWarning`, version.deprecationWarning, detail));
  }
  return errors;
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
  if (!column.jsonPath) errors.push(requiredValue(`${field}.jsonPath`));
  else checkPath(column.jsonPath, `${field}.jsonPath`, errors);
}

function checkPath(path: string, field: string, errors: FieldError[]): void {
  if (!path.startsWith("."))
    errors.push(invalidValue(field, path, "must be a simple json path starting with ."));
}

function checkScale(scale: DefinedScale, field: string, errors: FieldError[]): void {
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = scale;
  if (!specReplicasPath) errors.push(requiredValue(`${field}.specReplicasPath`));
  else checkPlainPath(specReplicasPath, [".spec."], `${field}.specReplicasPath`, errors);
  if (!statusReplicasPath) errors.push(requiredValue(`${field}.statusReplicasPath`));
  else checkPlainPath(statusReplicasPath, [".status."], `${field}.statusReplicasPath`, errors);
  if (labelSelectorPath) {
    checkPlainPath(labelSelectorPath, [".spec.", ".status."], `${field}.labelSelectorPath`, errors);
  }
}

function checkPlainPath(path: string, roots: readonly string[], field: string, errors: FieldError[]): void {
  const under = roots.map((root) => root.slice(0, -1)).join(" or ");
  if (!/^(\.[A-Za-z_][-\w]*)+$/.test(path)) {
    errors.push(invalidValue(field, path, "must be a json path in the dot notation"));
  } else if (!roots.some((root) => path.startsWith(root))) {
    errors.push(invalidValue(field, path, `should be a json path under ${under}`));
  }
}

/** Fields to select by must be there, and be scalars. */
function checkSelectable(version: DefinedVersion, field: string, errors: FieldError[]): void {
  const { selectableFields = [] } = version;
  if (selectableFields.length > SELECTABLE_MAX) {
    errors.push(tooMany(field, selectableFields.length, SELECTABLE_MAX));
  }
  const seen = new Set<string>();
  selectableFields.forEach(({ jsonPath = "" }, index) => {
    const place = `${field}[${index}].jsonPath`;
    if (jsonPath === "") {
      errors.push(requiredValue(place));
      return;
    }
    if (seen.has(jsonPath)) errors.push(duplicateValue(place, jsonPath));
    seen.add(jsonPath);
    const found = schemaAt(version.schema?.openAPIV3Schema, jsonPath);
    if (jsonPath.startsWith(".metadata")) {
      errors.push(invalidValue(place, jsonPath, "must not point to fields in metadata"));
    } else if (found === undefined) {
      errors.push(invalidValue(place, jsonPath, "is an invalid path: does not refer to a valid field"));
    } else if (!SELECTABLE_TYPES.includes(found.type ?? "")) {
      const detail =
        "must point to a field of type string, boolean or integer. " +
        "Enum string fields and strings with formats are allowed.";
      errors.push(invalidValue(place, jsonPath, detail));
    }
  });
}

function schemaAt(schema: JsonSchema | undefined, path: string): JsonSchema | undefined {
  let found = schema;
  for (const name of path.slice(1).split(".")) found = found && propertyOf(found, name);
  return found;
}
