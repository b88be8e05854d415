import type { Kind } from "../../src/api/kind.ts";
import type { Mistake, Subject } from "./mistakes.ts";
import { subjectOf } from "./sound.ts";

/*
 * Short ways to say what is changed in a sound object, and the words that tables share.
 */

/** The kind with a sound object of it. */
export const subject = (kind: unknown): Subject => subjectOf(kind as Kind) as Subject;

/** Fields at the top. */
export const parts =
  (change: object): Mistake[0] =>
  (object) => {
    Object.assign(object, change);
  };

/** Fields of spec. */
export const spec =
  (change: object): Mistake[0] =>
  (object) => {
    Object.assign(object.spec, change);
  };

/** Another name. */
export const named =
  (name: string): Mistake[0] =>
  (object) => {
    object.metadata.name = name;
  };

/** Fields of what is at a path such as `spec.rules.0.http`. */
export const at =
  (path: string, change: object): Mistake[0] =>
  (object) => {
    Object.assign(
      path.split(".").reduce((value, part) => value[part], object),
      change,
    );
  };

export const LABEL =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with " +
  "an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is " +
  "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
export const SUBDOMAIN =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and " +
  "end with an alphanumeric character (e.g. 'example.com', regex used for validation is " +
  "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
export const DNS_1035 =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, " +
  "and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is " +
  "'[a-z]([-a-z0-9]*[a-z0-9])?')";
export const QUALIFIED_NAME =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric " +
  "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is " +
  "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
export const NOT_NEGATIVE = "must be greater than or equal to 0";
export const IMMUTABLE = "field is immutable";
