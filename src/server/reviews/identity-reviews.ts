import { requiredValue } from "../../api/field-errors.ts";
import { type Review, refuseFaults, reviewKind } from "./review.ts";

const GROUP = "authentication.k8s.io";

/** Who the caller is: `kubectl auth whoami`. */
export const selfSubjectReview: Review = {
  kind: reviewKind(GROUP, "SelfSubjectReview", "selfsubjectreviews"),
  answer: async (_, { user }) => ({ userInfo: user }),
};

/** The same as kubectl asks it up to 1.27. */
export const selfSubjectReviewBeta: Review = {
  ...selfSubjectReview,
  kind: { ...selfSubjectReview.kind, version: "v1beta1" },
};

/** Whose a token is, for servers that are handed one. */
export const tokenReview: Review = {
  kind: reviewKind(GROUP, "TokenReview", "tokenreviews"),
  async answer({ spec = {} }, { callers, audience }) {
    const { token, audiences = [audience] } = spec as { token?: string; audiences?: readonly string[] };
    if (!token) refuseFaults(tokenReview.kind, [requiredValue("spec.token")]);
    const held = await callers.read(token as string);
    if (held === undefined) return { user: {}, error: "invalid bearer token" };
    const shared = held.audiences.filter((each) => audiences.includes(each));
    if (shared.length > 0) return { authenticated: true, user: held.user, audiences: shared };
    const quoted = (texts: readonly string[]) => `[${texts.map((text) => JSON.stringify(text)).join(" ")}]`;
    const error = `token audiences ${quoted(held.audiences)} is invalid for the target audiences ${quoted(audiences)}`;
    return { user: {}, error };
  },
};
