import { ApiError, badRequest } from "../api/errors.ts";
import type { DeleteOptions, WriteOptions } from "../api/objects.ts";
import type { Query } from "./query.ts";

const FIELD_VALIDATIONS = ["Ignore", "Strict", "Warn"] as const;
const PROPAGATION_POLICIES = ["Background", "Foreground", "Orphan"] as const;
const FIELD_MANAGER_MAX = 128;

/** Reads fieldManager, fieldValidation and dryRun; `warnings` collects what a Warn validation says. */
export function writeOptions(query: Query, warnings: string[]): WriteOptions {
  if (query.size === 0) return {};
  const fieldManager = query.get("fieldManager");
  const fieldValidation = query.get("fieldValidation");
  if (fieldManager !== undefined && fieldManager.length > FIELD_MANAGER_MAX) {
    throw invalidOption("fieldManager", `Too long: may not be more than ${FIELD_MANAGER_MAX} bytes`);
  }
  if (
    fieldValidation !== undefined &&
    fieldValidation !== "" &&
    !isOneOf(FIELD_VALIDATIONS, fieldValidation)
  ) {
    throw unsupported("fieldValidation", fieldValidation, FIELD_VALIDATIONS);
  }
  return {
    ...(isDryRun(query.get("dryRun")) && { dryRun: true }),
    ...(fieldManager && { fieldManager }),
    ...(fieldValidation && { fieldValidation }),
    ...(fieldValidation === "Warn" && { onWarning: (text: string) => void warnings.push(text) }),
  };
}

/** DeleteOptions from the body, with the query's for what the body does not say. */
export function deleteOptions(query: Query, body: Readonly<Record<string, unknown>>): DeleteOptions {
  const grace = body.gracePeriodSeconds ?? graceOf(query);
  const policy = body.propagationPolicy ?? query.get("propagationPolicy");
  const dryRun = Array.isArray(body.dryRun) ? body.dryRun[0] : query.get("dryRun");
  if (grace !== undefined && !(Number.isSafeInteger(grace) && (grace as number) >= 0)) {
    throw invalidOption(
      "gracePeriodSeconds",
      `Invalid value: ${JSON.stringify(grace)}: must be a whole number of at least 0`,
    );
  }
  if (policy !== undefined && !isOneOf(PROPAGATION_POLICIES, policy)) {
    throw unsupported("propagationPolicy", policy, PROPAGATION_POLICIES);
  }
  const preconditions = preconditionsOf(body.preconditions);
  return {
    ...(grace !== undefined && { gracePeriodSeconds: grace as number }),
    ...(policy !== undefined && { propagationPolicy: policy }),
    ...(preconditions && { preconditions }),
    ...(isDryRun(dryRun) && { dryRun: true }),
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

function isDryRun(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return false;
  if (value !== "All") throw unsupported("dryRun", value, ["All"]);
  return true;
}

function isOneOf<const T extends string>(values: readonly T[], value: unknown): value is T {
  return (values as readonly unknown[]).includes(value);
}

function unsupported(field: string, value: unknown, values: readonly string[]): ApiError {
  const supported = values.map((each) => JSON.stringify(each)).join(", ");
  return invalidOption(field, `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported}`);
}

function invalidOption(field: string, message: string): ApiError {
  return new ApiError("Invalid", `options.meta.k8s.io "" is invalid: ${field}: ${message}`, {
    causes: [{ reason: "FieldValueInvalid", message, field }],
  });
}
