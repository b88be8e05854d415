/**
 * Runs `count` writes in batches of 1, 2, 4, 8, ...: when the server refuses, few requests are wasted on finding out.
 * Ends after the first batch in which something failed.
 * @returns how many succeeded, and the first failure
 */
export async function slowStart(
  count: number,
  write: (index: number) => Promise<unknown>,
): Promise<{ readonly succeeded: number; readonly error: unknown }> {
  let succeeded = 0;
  for (let size = Math.min(1, count); size > 0; size = Math.min(2 * size, count - succeeded)) {
    const first = succeeded;
    const results = await Promise.allSettled(
      Array.from({ length: size }, (_, index) => write(first + index)),
    );
    const failed = results.find((result) => result.status === "rejected");
    succeeded += results.filter((result) => result.status === "fulfilled").length;
    if (failed !== undefined) return { succeeded, error: failed.reason };
  }
  return { succeeded, error: undefined };
}
