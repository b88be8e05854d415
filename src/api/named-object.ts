import { type ApiError, badRequest } from "./errors.ts";

interface Named {
  readonly name?: unknown;
  readonly namespace?: unknown;
}

/**
 * Whether what is written is the object of the URL (checkName of k8s.io/apiserver).
 * @throws ApiError BadRequest when it has no name, or another name or namespace
 */
export function checkNamed({ name, namespace }: Named, url: { name: string; namespace?: string }): void {
  if (typeof name !== "string" || name === "") {
    throw badRequest(
      `the name of the object (${url.name} based on URL) was undeterminable: name must be provided`,
    );
  }
  if (name !== url.name) {
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${url.name})`);
  }
  if (typeof namespace !== "string" || namespace === "" || url.namespace === undefined) return;
  if (namespace !== url.namespace) {
    throw badRequest(
      `the namespace of the object (${namespace}) does not match the namespace on the request (${url.namespace})`,
    );
  }
}

/** What Go's decoder says of an object that does not tell its kind or version as text. */
export function untypedObject(field: "apiVersion" | "kind", value: unknown): ApiError {
  const found = Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
  return badRequest(
    "couldn't get version/kind; json parse error: json: cannot unmarshal " +
      `${found} into Go struct field .${field} of type string`,
  );
}
