import { type FieldError, invalid } from "../../api/errors.ts";
import type { Kind } from "../../api/kind.ts";
import { NAME } from "../../api/kinds/columns.ts";
import type { KubeObject } from "../../api/meta.ts";
import type { User } from "../../api/user.ts";
import type { Callers } from "../authentication/callers.ts";
import type { Authorizer } from "../authorization/authorizer.ts";

/**
 * A kind of which nothing is stored: a POST is a question, and the same object with its `status` the answer. One file
 * each, one line in registry.ts; paths, discovery and schemas follow as for every kind.
 */
export interface Review {
  readonly kind: Kind;
  /** The status. `asked` has types that fit the schema. Fails with Invalid for a question that makes no sense. */
  answer(asked: Asked, context: ReviewContext): Promise<object>;
}

/** What is asked, as a client sends it. */
export interface Asked {
  readonly metadata?: Partial<KubeObject["metadata"]>;
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** What an answer is made of. */
export interface ReviewContext {
  /** Who asks. */
  readonly user: User;
  /** Of the path; undefined for cluster-scoped kinds. */
  readonly namespace: string | undefined;
  readonly authorizer: Authorizer;
  readonly callers: Callers;
  /** Whom a token is for when nobody says otherwise. */
  readonly audience: string;
}

/** A kind that takes questions only. */
export function reviewKind(group: string, kind: string, plural: string, namespaced = false): Kind {
  return {
    group,
    version: "v1",
    kind,
    plural,
    singular: kind.toLowerCase(),
    shortNames: [],
    categories: [],
    namespaced,
    createOnly: true,
    schema: `io.k8s.api.${group.split(".")[0]}.v1.${kind}`,
    statusSubresource: false,
    columns: [NAME],
    selectableFields: {},
  };
}

/** Fails with Invalid when there is anything wrong with a question. */
export function refuseFaults(kind: Kind, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid(kind, "", errors);
}
