import { deepEqual } from "../deep-equal.ts";
import { ApiError, badRequest } from "../errors.ts";
import type { JsonPatchOperation } from "../objects.ts";
import {
  existingIndex,
  listIndex,
  missing,
  PatchFault,
  parsePointer,
  valueAt,
  withChangeAt,
} from "./json-pointer.ts";
import { isFields, withoutForbiddenKeys } from "./own-data.ts";

/** As in kube-apiserver. */
const OPERATIONS_LIMIT = 10_000;
/** All that `copy` operations may add, as JSON text: a few of them could otherwise double a document without end. */
const COPY_BYTES_LIMIT = 3 * 1_024 * 1_024;

/**
 * Applies a JSON patch (RFC 6902) and shares what does not change.
 * @throws ApiError Invalid when an operation cannot be applied, RequestEntityTooLarge beyond the limits.
 */
export function jsonPatch(document: unknown, operations: readonly JsonPatchOperation[]): unknown {
  if (operations.length > OPERATIONS_LIMIT) {
    const limit = `The allowed maximum operations in a JSON patch is ${OPERATIONS_LIMIT}`;
    throw new ApiError("RequestEntityTooLarge", `${limit}, got ${operations.length}`);
  }
  let patched = document;
  let copiedBytes = 0;
  for (const [index, operation] of operations.entries()) {
    if (!isFields(operation)) throw badRequest("an operation of a JSON patch must be an object");
    try {
      if (operation.op === "copy") {
        const copied = valueAt(patched, parsePointer(pathOf(operation.from)));
        copiedBytes += jsonLength(copied, COPY_BYTES_LIMIT - copiedBytes);
        if (copiedBytes > COPY_BYTES_LIMIT) throw tooMuchCopied();
      }
      patched = apply(patched, operation);
    } catch (error) {
      throw error instanceof PatchFault ? refused(index, operation, error) : error;
    }
  }
  return patched;
}

function apply(document: unknown, operation: JsonPatchOperation): unknown {
  const path = parsePointer(pathOf(operation.path));
  switch (operation.op) {
    case "add":
      return add(document, path, givenValue(operation));
    case "remove":
      return remove(document, path);
    case "replace":
      valueAt(document, path);
      return replace(document, path, givenValue(operation));
    case "move": {
      const from = parsePointer(pathOf(operation.from));
      if (from.length < path.length && from.every((key, depth) => key === path[depth])) {
        throw new PatchFault("a value can not be moved into itself");
      }
      const moved = valueAt(document, from);
      return from.length === 0 ? document : add(remove(document, from), path, moved);
    }
    case "copy":
      return add(document, path, valueAt(document, parsePointer(pathOf(operation.from))));
    case "test":
      if (!deepEqual(valueAt(document, path), givenValue(operation))) throw new PatchFault("the test failed");
      return document;
    default:
      throw new PatchFault("there is no such operation");
  }
}

function add(document: unknown, path: readonly string[], value: unknown): unknown {
  if (path.length === 0) return value;
  return withChangeAt(document, path, (parent, key) => {
    if (Array.isArray(parent)) {
      const index = key === "-" ? parent.length : listIndex(key);
      if (index > parent.length) throw missing(key);
      return parent.toSpliced(index, 0, value);
    }
    if (!isFields(parent)) throw missing(key);
    return { ...parent, [key]: value };
  });
}

function remove(document: unknown, path: readonly string[]): unknown {
  if (path.length === 0) throw new PatchFault("the whole object can not be removed");
  return withChangeAt(document, path, (parent, key) => {
    if (Array.isArray(parent)) return parent.toSpliced(existingIndex(parent, key), 1);
    if (!isFields(parent) || !Object.hasOwn(parent, key)) throw missing(key);
    const { [key]: _removed, ...rest } = parent;
    return rest;
  });
}

function replace(document: unknown, path: readonly string[], value: unknown): unknown {
  if (path.length === 0) return value;
  return withChangeAt(document, path, (parent, key) =>
    Array.isArray(parent)
      ? parent.with(existingIndex(parent, key), value)
      : { ...(parent as object), [key]: value },
  );
}

function pathOf(path: unknown): string {
  if (typeof path !== "string") throw new PatchFault("a path is missing");
  return path;
}

function givenValue(operation: JsonPatchOperation): unknown {
  if (!Object.hasOwn(operation, "value")) throw new PatchFault("a value is missing");
  return withoutForbiddenKeys(operation.value);
}

/** Length of the JSON text, counted only until it exceeds the limit. */
function jsonLength(value: unknown, limit: number): number {
  if (!Array.isArray(value) && !isFields(value)) return typeof value === "string" ? value.length + 2 : 5;
  let length = 2;
  for (const [key, item] of Object.entries(value)) {
    length += key.length + 4 + jsonLength(item, limit - length);
    if (length > limit) return length;
  }
  return length;
}

function tooMuchCopied(): ApiError {
  const message = `The JSON patch copies more than ${COPY_BYTES_LIMIT} bytes`;
  return new ApiError("RequestEntityTooLarge", message);
}

function refused(index: number, operation: JsonPatchOperation, { message }: PatchFault): ApiError {
  const { op, path } = operation;
  const field = typeof path === "string" ? path : "";
  return new ApiError("Invalid", "the server rejected our request due to an error in our request", {
    causes: [
      {
        reason: "FieldValueInvalid",
        message: `operation ${index} (${String(op)} ${field}): ${message}`,
        field,
      },
    ],
  });
}
