import type { WaitBucket } from "../result.ts";

/** Waits of up to so many seconds; longer ones come last. */
const BOUNDS_S = [0, 1, 10, 60, 600, 3_600, 36_000];

/**
 * How many pods waited how long.
 * @param waitsMs ascending
 */
export function waitHistogram(waitsMs: ArrayLike<number>): readonly WaitBucket[] {
  let at = 0;
  return [...BOUNDS_S, null].map((upToSeconds) => {
    const before = at;
    while (at < waitsMs.length && (upToSeconds === null || (waitsMs[at] as number) <= upToSeconds * 1_000))
      at++;
    return { upToSeconds, pods: at - before };
  });
}
