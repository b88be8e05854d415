import { expect, it } from "vitest";
import { startObject } from "./recorded-state.ts";

function recorded(key: string, value: object): unknown {
  return startObject({ key, revision: 7, value });
}

it("records of Secrets which names they have, and nothing of Events", () => {
  const secret = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "s" },
    data: { word: "aHVudGVyMg==" },
  };
  expect(recorded("secrets/default/s", secret)).toEqual({
    recording: "object",
    key: "secrets/default/s",
    revision: 7,
    value: { ...secret, data: { word: "" } },
  });
  expect(recorded("events/default/e", { apiVersion: "v1", kind: "Event" })).toBeUndefined();
});

it.each([
  ["secrets.shop.example.com/default/s", "Secret"],
  ["events.shop.example.com/default/e", "Event"],
])("records %s, of a custom kind of the same name, as it is", (key, kind) => {
  const value = { apiVersion: "shop.example.com/v1", kind, data: { colour: "blue" } };
  expect(recorded(key, value)).toMatchObject({ key, value });
});
