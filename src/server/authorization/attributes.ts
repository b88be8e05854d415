import { ApiError, qualifiedResource, type StatusDetails } from "../../api/errors.ts";
import type { User } from "../../api/user.ts";

/** What somebody wants to do. */
export type Attributes = ResourceAttributes | PathAttributes;

/** A verb on objects. `name` is "" for a collection, `namespace` "" for all of them and for cluster-scoped kinds. */
export interface ResourceAttributes {
  readonly verb: string;
  readonly group: string;
  readonly version?: string;
  readonly resource: string;
  /** "" for the object itself. */
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

/** A verb (the method in lower case) on what is no object, such as `/version`. */
export interface PathAttributes {
  readonly verb: string;
  readonly path: string;
}

/** Whether it is about a path and not about objects. */
export function isPath(attributes: Attributes): attributes is PathAttributes {
  return "path" in attributes;
}

/** `pods` or `pods/eviction`: how rules and messages name what a request is about. */
export function resourceText({ resource, subresource }: ResourceAttributes): string {
  return subresource === "" ? resource : `${resource}/${subresource}`;
}

/** 403 in kube-apiserver's words. `why` is what the authorizer has to add. */
export function forbiddenFor(user: User, attributes: Attributes, why = ""): ApiError {
  const who = `User ${JSON.stringify(user.username)} cannot ${attributes.verb}`;
  const reason = why === "" ? "" : `: ${why}`;
  if (isPath(attributes)) {
    const message = `forbidden: ${who} path ${JSON.stringify(attributes.path)}${reason}`;
    return new ApiError("Forbidden", message, {});
  }
  const { group, resource, namespace, name } = attributes;
  const where = namespace === "" ? "at the cluster scope" : `in the namespace ${JSON.stringify(namespace)}`;
  const what = `resource ${JSON.stringify(resourceText(attributes))} in API group ${JSON.stringify(group)} ${where}`;
  const details: StatusDetails = {
    ...(name !== "" && { name }),
    ...(group !== "" && { group }),
    kind: resource,
  };
  const qualified = qualifiedResource({ group, plural: resource });
  const subject = name === "" ? qualified : `${qualified} ${JSON.stringify(name)}`;
  return new ApiError("Forbidden", `${subject} is forbidden: ${who} ${what}${reason}`, details);
}
