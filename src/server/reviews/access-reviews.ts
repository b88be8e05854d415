import type { FieldError } from "../../api/errors.ts";
import { requiredValue } from "../../api/field-errors.ts";
import type { User } from "../../api/user.ts";
import { type AccessSpec, attributesOf, checkAccessSpec, checkLocal } from "./access-attributes.ts";
import { type Review, type ReviewContext, refuseFaults, reviewKind } from "./review.ts";

const GROUP = "authorization.k8s.io";

/** Whether the caller may do something: `kubectl auth can-i`. */
export const selfSubjectAccessReview: Review = {
  kind: reviewKind(GROUP, "SelfSubjectAccessReview", "selfsubjectaccessreviews"),
  async answer({ spec = {} }, context) {
    const errors: FieldError[] = [];
    checkAccessSpec(spec, errors);
    refuseFaults(selfSubjectAccessReview.kind, errors);
    return decided(context, context.user, spec);
  },
};

/** Whether somebody may do something. */
export const subjectAccessReview: Review = {
  kind: reviewKind(GROUP, "SubjectAccessReview", "subjectaccessreviews"),
  async answer({ spec = {} }, context) {
    const errors: FieldError[] = [];
    checkAccessSpec(spec, errors);
    checkSubject(spec, errors);
    refuseFaults(subjectAccessReview.kind, errors);
    return decided(context, subjectOf(spec), spec);
  },
};

/** Whether somebody may do something in the namespace of the path. */
export const localSubjectAccessReview: Review = {
  kind: reviewKind(GROUP, "LocalSubjectAccessReview", "localsubjectaccessreviews", true),
  async answer({ spec = {} }, context) {
    const errors: FieldError[] = [];
    checkLocal(spec, context.namespace as string, errors);
    checkSubject(spec, errors);
    refuseFaults(localSubjectAccessReview.kind, errors);
    return decided(context, subjectOf(spec), spec);
  },
};

interface SubjectSpec extends AccessSpec {
  readonly user?: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
}

function checkSubject({ user, groups = [] }: SubjectSpec, errors: FieldError[]): void {
  if (user || groups.length > 0) return;
  errors.push(requiredValue("spec.user", "at least one of user or group must be specified"));
}

function subjectOf({ user = "", uid, groups = [] }: SubjectSpec): User {
  return { username: user, ...(uid !== undefined && { uid }), groups };
}

/** As kube-apiserver says it: a reason only where there is one, and no word of denial by rule, which RBAC has not. */
async function decided({ authorizer }: ReviewContext, user: User, spec: AccessSpec): Promise<object> {
  const { allowed, reason } = await authorizer.decide(user, attributesOf(spec));
  return { allowed, ...(reason !== "" && { reason }) };
}
