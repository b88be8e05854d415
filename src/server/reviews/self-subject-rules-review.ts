import { badRequest } from "../../api/errors.ts";
import type { PolicyRule } from "../../api/kinds/rbac.ts";
import { type Review, reviewKind } from "./review.ts";

/** All that the caller may do in a namespace: `kubectl auth can-i --list`. */
export const selfSubjectRulesReview: Review = {
  kind: reviewKind("authorization.k8s.io", "SelfSubjectRulesReview", "selfsubjectrulesreviews"),
  async answer({ spec = {} }, { user, authorizer }) {
    const { namespace } = spec as { readonly namespace?: string };
    if (!namespace) throw badRequest("no namespace on request");
    const rules = await authorizer.rulesFor(user, namespace);
    return {
      resourceRules: rules.filter(({ resources = [] }) => resources.length > 0).map(resourceRule),
      nonResourceRules: rules.filter(({ nonResourceURLs = [] }) => nonResourceURLs.length > 0).map(pathRule),
      incomplete: false,
    };
  },
};

function resourceRule({ verbs, apiGroups, resources, resourceNames = [] }: PolicyRule): object {
  return { verbs, apiGroups, resources, ...(resourceNames.length > 0 && { resourceNames }) };
}

function pathRule({ verbs, nonResourceURLs }: PolicyRule): object {
  return { verbs, nonResourceURLs };
}
