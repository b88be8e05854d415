/** What `-o` takes. */
export const FORMATS = ["table", "wide", "json", "yaml", "name", "jsonl", "csv"] as const;
export type OutputFormat = (typeof FORMATS)[number];

/** True for the formats that programs read: errors are then JSON, too, and nothing is ever asked. */
export function isMachineFormat(format: OutputFormat): boolean {
  return format === "json" || format === "jsonl" || format === "yaml";
}
