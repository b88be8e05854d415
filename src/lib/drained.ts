/** Runs work that pauses between its steps to its end, without a pause. */
export function drained<Result>(work: Generator<void, Result>): Result {
  let step = work.next();
  while (step.done !== true) step = work.next();
  return step.value;
}
