import { describe, expect, it } from "vitest";
import { chooseForm } from "./accept.ts";

const TABLE =
  "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json";

describe("Accept", () => {
  it("means plain JSON when it is missing or says so", () => {
    for (const accept of [
      undefined,
      "",
      "*/*",
      "application/json",
      "application/json, */*;q=0.8",
      "application/*",
    ]) {
      expect(chooseForm(accept, ["Table"])).toEqual({ as: "json", version: "" });
    }
  });

  it("is read from left to right: the first that is served wins", () => {
    expect(chooseForm(TABLE, ["Table"])).toEqual({ as: "Table", version: "v1" });
    expect(
      chooseForm("application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json", ["Table"]),
    ).toEqual({
      as: "Table",
      version: "v1beta1",
    });
    expect(chooseForm(`application/json,${TABLE}`, ["Table"]).as).toBe("json");
  });

  it("skips what is not served: protobuf, CBOR, views of unknown versions, views of other things", () => {
    expect(chooseForm("application/vnd.kubernetes.protobuf,application/json", []).as).toBe("json");
    expect(
      chooseForm("application/cbor, application/json;as=Table;v=v9;g=meta.k8s.io, */*", ["Table"]).as,
    ).toBe("json");
    expect(chooseForm(TABLE, ["APIGroupDiscoveryList"]).as).toBe("json");
  });

  it("fails when nothing of it is served", () => {
    expect(() => chooseForm("text/html", [])).toThrow(
      "only the following media types are accepted: application/json",
    );
    expect(() => chooseForm("application/vnd.kubernetes.protobuf", [])).toThrow(
      expect.objectContaining({ reason: "NotAcceptable" }),
    );
  });

  it("knows both names of bare metadata, whatever the case", () => {
    const list = "application/json;as=partialobjectmetadatalist;g=meta.k8s.io;v=v1";
    expect(chooseForm(list, ["PartialObjectMetadata"])).toEqual({
      as: "PartialObjectMetadata",
      version: "v1",
    });
  });
});
