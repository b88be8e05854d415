import type { Clock, Phase, Timer } from "./clock.ts";

/** `Clock.every` in terms of `Clock.after`. */
export function everyOn(
  clock: Pick<Clock, "after">,
  periodMs: number,
  callback: () => void,
  phase?: Phase,
): Timer {
  const arm = (): Timer =>
    clock.after(
      periodMs,
      () => {
        current = arm();
        callback();
      },
      phase,
    );
  let current = arm();
  return { cancel: () => current.cancel() };
}
