import { describe, expect, it } from "vitest";
import { ApiError, alreadyExists, notFound, REASON_CODE, type Reason } from "../api/errors.ts";
import { nodes } from "../api/kinds/node.ts";
import { ServerUnreachable } from "../client/errors.ts";
import { failureOf, UsageError } from "./errors.ts";

describe("failureOf", () => {
  it("gives every reason of the API a hint and exit code 1", () => {
    for (const reason of Object.keys(REASON_CODE) as Reason[]) {
      const failure = failureOf(new ApiError(reason, "no"));
      expect(failure).toMatchObject({ reason, message: "no", exitCode: 1, unexpected: false });
      expect(failure.hint, reason).toBeTruthy();
    }
  });

  it("says in the user's nouns what is missing or there already", () => {
    const kind = { ...nodes, kind: "Node" };
    expect(failureOf(notFound(kind, "web")).message).toBe('Couldn\'t find node "web"');
    expect(failureOf(alreadyExists(kind, "web")).message).toBe('There is already a node named "web"');
  });

  it("knows wrong command lines (2) and servers that are not there (3)", () => {
    expect(failureOf(new UsageError("bad", "good")).exitCode).toBe(2);
    const gone = failureOf(new ServerUnreachable("gone", "start it"));
    expect(gone).toMatchObject({ exitCode: 3, hint: "start it" });
  });

  it("owns up to what nobody foresaw", () => {
    expect(failureOf(new TypeError("x is undefined"))).toMatchObject({ exitCode: 1, unexpected: true });
  });
});
