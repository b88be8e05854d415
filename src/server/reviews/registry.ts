import { localSubjectAccessReview, selfSubjectAccessReview, subjectAccessReview } from "./access-reviews.ts";
import { selfSubjectReview, selfSubjectReviewBeta, tokenReview } from "./identity-reviews.ts";
import type { Review } from "./review.ts";
import { selfSubjectRulesReview } from "./self-subject-rules-review.ts";

/** Every review, in discovery order. */
export const REVIEWS: readonly Review[] = [
  selfSubjectReview,
  tokenReview,
  selfSubjectAccessReview,
  selfSubjectRulesReview,
  subjectAccessReview,
  localSubjectAccessReview,
  selfSubjectReviewBeta,
];
