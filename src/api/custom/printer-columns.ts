import type { Column } from "../kind.ts";
import { ageOf, NAME } from "../kinds/columns.ts";
import type { DefinedColumn } from "../kinds/custom-resource-definition.ts";
import { parseJsonPath } from "./json-path.ts";

const AGE: DefinedColumn = {
  name: "Age",
  type: "date",
  description: "Time since the object was created.",
  jsonPath: ".metadata.creationTimestamp",
};

/** The table of a version: its name first, then what the definition asks for, or its age. */
export function printerColumns(defined: readonly DefinedColumn[] | undefined): readonly Column[] {
  const given = defined === undefined || defined.length === 0 ? [AGE] : defined;
  return [NAME, ...given.map(columnOf)];
}

function columnOf({ name, type, format, description, priority = 0, jsonPath }: DefinedColumn): Column {
  const read = parseJsonPath(jsonPath);
  return {
    name,
    type: type as Column["type"],
    ...(format !== undefined && { format }),
    description: description ?? `Custom resource definition column (in JSONPath format): ${jsonPath}`,
    priority: priority > 0 ? 1 : 0,
    cell: (object, now) => {
      const [value] = read?.(object) ?? [];
      return value === undefined || value === null ? null : cellOf(type, value, now);
    },
  };
}

/** A value that is not of the column's type leaves the cell empty. */
function cellOf(type: string, value: unknown, now: number): string | number | boolean | null {
  switch (type) {
    case "integer":
      return typeof value === "number" ? Math.trunc(value) : null;
    case "number":
      return typeof value === "number" ? value : null;
    case "boolean":
      return typeof value === "boolean" ? value : null;
    case "date":
      return typeof value !== "string"
        ? null
        : Number.isNaN(Date.parse(value))
          ? "<invalid>"
          : ageOf(value, now);
    default:
      return typeof value === "object" ? JSON.stringify(value) : String(value);
  }
}
