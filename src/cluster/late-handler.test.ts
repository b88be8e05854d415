import { expect, it } from "vitest";
import { createInMemoryServer, TOKEN } from "../../test/in-memory-server.ts";
import { fetchFrom } from "../server/fetch.ts";
import { LateHandler } from "./late-handler.ts";

it("lets requests wait until there is somebody who answers", async () => {
  const late = new LateHandler(() => {});
  const ask = async () => {
    const headers = { authorization: `Bearer ${TOKEN}` };
    const { status } = await fetchFrom(late)(new Request("http://localhost/api/v1/namespaces", { headers }));
    return status;
  };
  const order: string[] = [];
  const early = ask().then((status) => order.push(`early ${status}`));
  await new Promise((resolve) => setImmediate(resolve));
  order.push("given");
  late.give((await createInMemoryServer()).handler);
  await early;
  order.push(`late ${await ask()}`);
  expect(order).toEqual(["given", "early 200", "late 200"]);
});
