import { type ApiError, badRequest, type FieldError, invalid } from "../api/errors.ts";
import { forbidden, invalidValue, notSupported, tooLong } from "../api/field-errors.ts";
import type { DeleteOptions, WriteOptions } from "../api/objects.ts";
import { booleanParameter, type Query } from "./query.ts";
import type { ApiRequest } from "./request.ts";

const FIELD_VALIDATIONS = ["Ignore", "Strict", "Warn"] as const;
const PROPAGATION_POLICIES = ["Background", "Foreground", "Orphan"] as const;
const FIELD_MANAGER_MAX = 128;

/** Which options a write has, by their kind in meta.k8s.io. */
export type OptionsKind = "CreateOptions" | "UpdateOptions" | "PatchOptions";

interface Asked {
  readonly query: Query;
  readonly request: Pick<ApiRequest, "header">;
}

/**
 * Reads fieldManager, fieldValidation and dryRun; `warnings` collects what the writer is told. A client that names
 * no manager is known by its User-Agent, up to the first `/`; one that has neither takes no part in field management.
 */
export function writeOptions({ query, request }: Asked, warnings: string[], kind: OptionsKind): WriteOptions {
  const fieldManager = query.get("fieldManager") || agentName(request);
  const onWarning = (text: string) => void warnings.push(text);
  if (query.size === 0) return fieldManager === undefined ? { onWarning } : { fieldManager, onWarning };
  const fieldValidation = query.get("fieldValidation");
  const fault = managerFault(query.get("fieldManager") ?? "");
  if (fault !== undefined) throw invalidOption(kind, fault);
  if (
    fieldValidation !== undefined &&
    fieldValidation !== "" &&
    !isOneOf(FIELD_VALIDATIONS, fieldValidation)
  ) {
    throw unsupported(kind, "fieldValidation", fieldValidation, FIELD_VALIDATIONS);
  }
  return {
    ...(isDryRun(kind, query.get("dryRun")) && { dryRun: true }),
    ...(fieldManager && { fieldManager }),
    ...(fieldValidation && { fieldValidation }),
    onWarning,
  };
}

/** Whether an apply is forced. Only an apply may be. */
export function forceOption(query: Query, isApply: boolean): boolean {
  if (!query.has("force")) return false;
  if (!isApply) {
    throw invalidOption("PatchOptions", forbidden("force", "may not be specified for non-apply patch"));
  }
  return booleanParameter(query, "force");
}

const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u;

function managerFault(manager: string): FieldError | undefined {
  if (Buffer.byteLength(manager) > FIELD_MANAGER_MAX) return tooLong("fieldManager", FIELD_MANAGER_MAX);
  if (PRINTABLE.test(manager)) return undefined;
  return invalidValue("fieldManager", manager, "should only contain printable characters");
}

function agentName(request: Pick<ApiRequest, "header">): string | undefined {
  const name = request.header("user-agent")?.split("/", 1)[0]?.slice(0, FIELD_MANAGER_MAX);
  return name === undefined || name === "" || !PRINTABLE.test(name) ? undefined : name;
}

/** DeleteOptions from the body, with the query's for what the body does not say. */
export function deleteOptions(query: Query, body: Readonly<Record<string, unknown>>): DeleteOptions {
  const grace = body.gracePeriodSeconds ?? graceOf(query);
  const policy = body.propagationPolicy ?? query.get("propagationPolicy");
  const dryRun = Array.isArray(body.dryRun) ? body.dryRun[0] : query.get("dryRun");
  if (grace !== undefined && !(Number.isSafeInteger(grace) && (grace as number) >= 0)) {
    throw invalidOption(
      "DeleteOptions",
      invalidValue("gracePeriodSeconds", grace, "must be a whole number of at least 0"),
    );
  }
  if (policy !== undefined && !isOneOf(PROPAGATION_POLICIES, policy)) {
    throw unsupported("DeleteOptions", "propagationPolicy", policy, PROPAGATION_POLICIES);
  }
  const preconditions = preconditionsOf(body.preconditions);
  return {
    ...(grace !== undefined && { gracePeriodSeconds: grace as number }),
    ...(policy !== undefined && { propagationPolicy: policy }),
    ...(preconditions && { preconditions }),
    ...(isDryRun("DeleteOptions", dryRun) && { dryRun: true }),
  };
}

function graceOf(query: Query): number | undefined {
  const text = query.get("gracePeriodSeconds");
  return text === undefined || text === "" ? undefined : Number(text);
}

function preconditionsOf(value: unknown): DeleteOptions["preconditions"] {
  if (value === undefined || value === null) return undefined;
  const { uid, resourceVersion } = value as Record<string, unknown>;
  for (const part of [uid, resourceVersion]) {
    if (part !== undefined && part !== null && typeof part !== "string") {
      throw badRequest("preconditions must be texts");
    }
  }
  return {
    ...(typeof uid === "string" && { uid }),
    ...(typeof resourceVersion === "string" && { resourceVersion }),
  };
}

function isDryRun(kind: string, value: unknown): boolean {
  if (value === undefined || value === null || value === "") return false;
  if (value !== "All") throw unsupported(kind, "dryRun", value, ["All"]);
  return true;
}

function isOneOf<const T extends string>(values: readonly T[], value: unknown): value is T {
  return (values as readonly unknown[]).includes(value);
}

function unsupported(kind: string, field: string, value: unknown, values: readonly string[]): ApiError {
  return invalidOption(kind, notSupported(field, value, values));
}

function invalidOption(kind: string, fault: FieldError): ApiError {
  return invalid({ group: "meta.k8s.io", plural: "", kind }, "", [fault]);
}
