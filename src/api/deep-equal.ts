/** Whether two pieces of JSON data say the same. Shared parts cost nothing; the order of keys does not matter. */
export function deepEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  if (Array.isArray(left)) return Array.isArray(right) && equalItems(left, right);
  return !Array.isArray(right) && equalFields(left, right);
}

function equalItems(left: readonly unknown[], right: readonly unknown[]): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index++) {
    if (!deepEqual(left[index], right[index])) return false;
  }
  return true;
}

/** A field that is undefined is one that is not there, as in JSON. */
function equalFields(left: object, right: object): boolean {
  const before = left as Readonly<Record<string, unknown>>;
  const after = right as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(before)) {
    const own = Object.hasOwn(after, key) ? after[key] : undefined;
    if (!deepEqual(before[key], own)) return false;
  }
  for (const key of Object.keys(after)) {
    if (after[key] !== undefined && !Object.hasOwn(before, key)) return false;
  }
  return true;
}
