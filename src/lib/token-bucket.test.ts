import { expect, it } from "vitest";
import { TokenBucket } from "./token-bucket.ts";

it("allows so many at once, and more as time goes by, never more than at first", () => {
  const bucket = new TokenBucket(4, 2, 1_000);
  expect([bucket.take(3, 1_000), bucket.take(2, 1_000), bucket.take(1, 1_000)]).toEqual([true, false, true]);
  expect([bucket.take(2, 1_999), bucket.take(2, 2_000)]).toEqual([false, true]);
  expect([bucket.take(5, 99_000), bucket.take(4, 99_000)]).toEqual([false, true]);
});
