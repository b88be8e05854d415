import { canonicalQuantity, parseQuantity } from "../quantity.ts";

/** Warnings of amounts of bytes in thousandths, such as `512m`, which was hardly meant. */
export function fractionalBytes(
  field: string,
  amounts: Readonly<Record<string, string>> | undefined,
  resources: readonly string[],
): string[] {
  const warnings: string[] = [];
  for (const resource of resources) {
    const amount = amounts?.[resource];
    if (amount === undefined || Number.isInteger(parseQuantity(amount) ?? 0)) continue;
    const value = JSON.stringify(canonicalQuantity(amount));
    warnings.push(`${field}[${resource}]: fractional byte value ${value} is invalid, must be an integer`);
  }
  return warnings;
}

interface Resources {
  readonly requests?: Readonly<Record<string, string>>;
  readonly limits?: Readonly<Record<string, string>>;
}

/** The same of what a claim asks for; `field` is the path of its spec (GetWarningsForPersistentVolumeClaimSpec). */
export function claimSpecWarnings(
  field: string,
  spec: { readonly resources?: object } | undefined,
): string[] {
  const { requests, limits } = (spec?.resources ?? {}) as Resources;
  return [
    ...fractionalBytes(`${field}.resources.requests`, requests, ["storage"]),
    ...fractionalBytes(`${field}.resources.limits`, limits, ["storage"]),
  ];
}
