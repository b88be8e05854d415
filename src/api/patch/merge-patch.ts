import { type Fields, FORBIDDEN_KEY, isFields, ownValue, withoutForbiddenKeys } from "./own-data.ts";

/**
 * JSON merge patch (RFC 7386): objects merge, null removes, everything else replaces.
 * Shares what does not change. `__proto__` is never taken over.
 */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isFields(patch)) return withoutForbiddenKeys(patch);
  const before: Fields = isFields(target) ? target : {};
  let after: Record<string, unknown> | undefined = before === target ? undefined : {};
  for (const key of Object.keys(patch)) {
    if (key === FORBIDDEN_KEY) continue;
    const value = patch[key];
    if (value === null) {
      if (!Object.hasOwn(before, key)) continue;
      after ??= { ...before };
      delete after[key];
      continue;
    }
    const old = ownValue(before, key);
    const merged = mergePatch(old, value);
    if (merged === old) continue;
    after ??= { ...before };
    after[key] = merged;
  }
  return after ?? target;
}
