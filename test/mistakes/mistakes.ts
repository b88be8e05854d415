import { describe, expect, it } from "vitest";
import { createInMemoryServer, type InMemoryServer, type Json } from "../in-memory-server.ts";

/*
 * What users get wrong, kind by kind: a sound object, changed in one place, and what Kubernetes says of it, word for
 * word. The words are those of its sources (pkg/apis, pkg/registry, apimachinery), not of this program.
 */

/** What is changed in a copy of the sound object, and what is said: one sentence per field. */
export type Mistake = readonly [change: (object: Json) => void, ...said: readonly string[]];

export interface Subject {
  /** Where objects of the kind are. */
  readonly collection: string;
  /** As refusals name the kind: `Deployment.apps`. */
  readonly called: string;
  /** A sound object. */
  readonly sound: Json;
}

/** Mistakes in new objects. */
export function mistakesOnCreate(subject: Subject, mistakes: Readonly<Record<string, Mistake>>): void {
  describe(`a new ${subject.called}`, () => {
    it.each(Object.entries(mistakes))("%s", async (_, [change, ...said]) => {
      const server = await createInMemoryServer();
      // By way of text, so that no two parts of it are the same.
      const object: Json = JSON.parse(JSON.stringify(subject.sound));
      change(object);
      const answer = await server.send("POST", subject.collection, object);
      expectRefused(answer, `${subject.called} "${object.metadata.name ?? ""}"`, said);
    });

    it("is taken without", async () => {
      const server = await createInMemoryServer();
      const { status, body } = await server.send("POST", subject.collection, subject.sound);
      expect(status, body.message).toBe(201);
    });
  });
}

/** Mistakes in what an object is changed to; `prepare` may do to the stored one what its controllers would. */
export function mistakesOnUpdate(
  subject: Subject,
  mistakes: Readonly<Record<string, Mistake>>,
  prepare: (server: InMemoryServer, path: string) => Promise<unknown> = () => Promise.resolve(),
): void {
  describe(`a changed ${subject.called}`, () => {
    refusePuts(subject, mistakes, "", prepare);
  });
}

/** Mistakes in what the status of an object is said to be. */
export function mistakesOnStatus(
  subject: Subject,
  mistakes: Readonly<Record<string, Mistake>>,
  prepare: (server: InMemoryServer, path: string) => Promise<unknown> = () => Promise.resolve(),
): void {
  describe(`the status of a ${subject.called}`, () => {
    refusePuts(subject, mistakes, "/status", prepare);
  });
}

function refusePuts(
  subject: Subject,
  mistakes: Readonly<Record<string, Mistake>>,
  part: string,
  prepare: (server: InMemoryServer, path: string) => Promise<unknown>,
): void {
  const { name } = subject.sound.metadata;
  const path = `${subject.collection}/${name}`;
  it.each(Object.entries(mistakes))("%s", async (_, [change, ...said]) => {
    const server = await createInMemoryServer();
    await server.send("POST", subject.collection, subject.sound);
    await prepare(server, path);
    const object = await server.get(path);
    change(object);
    const answer = await server.send("PUT", path + part, object);
    expectRefused(answer, `${subject.called} "${name}"`, said);
    expect(server.failures).toEqual([]);
  });
}

function expectRefused(
  { status, body }: { status: number; body: Json },
  called: string,
  said: readonly string[],
): void {
  const list = said.length === 1 ? said[0] : `[${said.join(", ")}]`;
  expect(body.message).toBe(`${called} is invalid: ${list}`);
  expect([status, body.reason, body.code]).toEqual([422, "Invalid", 422]);
  for (const { field, message, reason } of body.details.causes) {
    expect(said).toContain(`${field}: ${message}`);
    expect(reason).toMatch(/^FieldValue[A-Z]/);
  }
}
