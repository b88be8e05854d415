type Fields = Readonly<Record<string, unknown>>;

/**
 * JSON merge patch (RFC 7386): objects merge, null removes, everything else replaces.
 * Shares what does not change. `__proto__` is never taken over; inherited keys are never seen.
 */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isFields(patch)) return patch;
  const before: Fields = isFields(target) ? target : {};
  let after: Record<string, unknown> | undefined = before === target ? undefined : {};
  for (const key of Object.keys(patch)) {
    if (key === "__proto__") continue;
    const value = patch[key];
    const old = Object.hasOwn(before, key) ? before[key] : undefined;
    if (value === null) {
      if (Object.hasOwn(before, key)) {
        after ??= { ...before };
        delete after[key];
      }
      continue;
    }
    const merged = mergePatch(old, value);
    if (merged === old) continue;
    after ??= { ...before };
    after[key] = merged;
  }
  return after ?? target;
}

/** True for what JSON calls an object. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
