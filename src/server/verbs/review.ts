import { apiVersionOf } from "../../api/kind.ts";
import { conformObject } from "../../api/schema/conform-object.ts";
import { chooseForm } from "../accept.ts";
import { type Answer, json } from "../answer.ts";
import { REVIEWS } from "../reviews/registry.ts";
import type { Asked } from "../reviews/review.ts";
import type { VerbContext } from "./context.ts";
import { readDraft } from "./draft.ts";

/** POST to a kind that takes questions only: answers with the object and its status. */
export async function answerReview(context: VerbContext): Promise<Answer> {
  const { kind, user, namespace, authorizer, callers, audience } = context;
  // An answer is no list of objects: there is no table of it.
  chooseForm(context.request.header("accept"), []);
  const { draft, options } = await readDraft(context);
  const asked: Asked = conformObject(kind, draft, options);
  const review = REVIEWS.find((each) => each.kind === kind);
  const status = await review?.answer(asked, { user, namespace, authorizer, callers, audience });
  const { metadata, spec } = asked;
  return json(201, {
    kind: kind.kind,
    apiVersion: apiVersionOf(kind),
    metadata: { creationTimestamp: null, ...metadata },
    ...(spec !== undefined && { spec }),
    status,
  });
}
