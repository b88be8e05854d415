import { expect, it } from "vitest";
import { DISK_FULL, SharedSpace } from "./bounded-files.ts";

const file = (bytes: number) => new Uint8Array(bytes);

it("all file systems together hold so much, and no more", async () => {
  const space = new SharedSpace(10_000);
  const [one, two] = [space.open(), space.open()];
  const before = one.heldBytes + two.heldBytes;
  await one.writeFile("/a", file(4_000));
  await two.writeFile("/a", file(4_000));
  expect(one.heldBytes + two.heldBytes - before).toBeGreaterThanOrEqual(8_000);
  await expect(one.writeFile("/b", file(4_000))).rejects.toThrow(DISK_FULL);
  await expect(two.appendFile("/a", file(4_000))).rejects.toThrow(DISK_FULL);
  await expect(two.cp("/a", "/b")).rejects.toThrow(DISK_FULL);
  await two.rm("/a");
  await one.writeFile("/b", file(4_000));
  space.close(one);
  await two.writeFile("/a", file(8_000));
});
