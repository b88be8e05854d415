/**
 * Lets go of the process for one turn of its loop: all promises that can settle have settled then, and what has come
 * from outside, such as a signal, has been heard. No time passes by any clock.
 */
export function processTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
