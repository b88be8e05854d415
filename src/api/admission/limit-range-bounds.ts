import type { LimitRangeItem } from "../kinds/limit-range.ts";
import { parseQuantity } from "../quantity.ts";

export type Quantities = Readonly<Record<string, string>>;

type Bounds = Pick<LimitRangeItem, "type" | "min" | "max" | "maxLimitRequestRatio">;

/** What is wrong with requests and limits under one item of a limit range (plugin/pkg/admission/limitranger). */
export function boundFaults(
  { type, min = {}, max = {}, maxLimitRequestRatio = {} }: Bounds,
  requests: Quantities,
  limits: Quantities,
): readonly string[] {
  const all = (bounds: Quantities, fault: typeof minimumFault) =>
    Object.keys(bounds).flatMap((resource) => {
      const bound = bounds[resource] as string;
      return fault({ resource, type, bound }, requests[resource], limits[resource]) ?? [];
    });
  return [...all(min, minimumFault), ...all(max, maximumFault), ...all(maxLimitRequestRatio, ratioFault)];
}

interface Bound {
  readonly resource: string;
  /** Of the item: whom it is for. */
  readonly type: string;
  readonly bound: string;
}

function minimumFault(
  { resource, type, bound }: Bound,
  request: string | undefined,
  limit: string | undefined,
): string | undefined {
  const least = `minimum ${resource} usage per ${type} is ${bound}`;
  if (request === undefined) return `${least}.  No request is specified`;
  if (amount(request) < amount(bound)) return `${least}, but request is ${request}`;
  if (limit !== undefined && amount(limit) < amount(bound)) return `${least}, but limit is ${limit}`;
  return undefined;
}

function maximumFault(
  { resource, type, bound }: Bound,
  request: string | undefined,
  limit: string | undefined,
): string | undefined {
  const most = `maximum ${resource} usage per ${type} is ${bound}`;
  if (limit === undefined) return `${most}.  No limit is specified`;
  if (amount(limit) > amount(bound)) return `${most}, but limit is ${limit}`;
  if (request !== undefined && amount(request) > amount(bound)) return `${most}, but request is ${request}`;
  return undefined;
}

function ratioFault(
  { resource, type, bound }: Bound,
  request: string | undefined,
  limit: string | undefined,
): string | undefined {
  const most = `${resource} max limit to request ratio per ${type} is ${bound}`;
  if (amount(request) === 0) return `${most}, but no request is specified or request is 0`;
  if (amount(limit) === 0) return `${most}, but no limit is specified or limit is 0`;
  const ratio = amount(limit) / amount(request);
  return ratio > amount(bound) ? `${most}, but provided ratio is ${ratio.toFixed(6)}` : undefined;
}

function amount(text: string | undefined): number {
  return text === undefined ? 0 : (parseQuantity(text) ?? 0);
}
