import type { PolicyRule } from "../../api/kinds/rbac.ts";
import type { Objects } from "../../api/objects.ts";
import { Group, type User } from "../../api/user.ts";
import type { Clock } from "../../clock/clock.ts";
import {
  type Attributes,
  forbiddenFor,
  isPath,
  type ResourceAttributes,
  resourceText,
} from "./attributes.ts";
import { type Grant, Grants } from "./grants.ts";
import { ruleAllows } from "./rules.ts";

/** Whether something may be done, and why (the reason of a SubjectAccessReview). */
export interface Decision {
  readonly allowed: boolean;
  readonly reason: string;
}

/** All that the roles say of one verb and resource for one user: for every name, and for some. */
interface Verdict {
  readonly always: Decision | undefined;
  /** Rules that hold for some names only. */
  readonly byName: readonly (readonly [rule: PolicyRule, grant: Grant])[];
  readonly refusal: Decision;
}

const MASTER: Decision = Object.freeze({ allowed: true, reason: "" });
const EVERYTHING: readonly PolicyRule[] = [
  { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
  { verbs: ["*"], nonResourceURLs: ["*"] },
];
const VERDICTS_MAX = 8_192;

/** Whether the user may do everything, whatever the roles say. */
export function isMaster({ groups }: User): boolean {
  return groups.includes(Group.masters);
}

/**
 * Says who may do what: masters everything, everybody else what roles and bindings give (auth/authorizer/rbac).
 * Verdicts are kept by user, verb, resource and namespace until a role or binding changes.
 */
export class Authorizer {
  readonly #grants: Grants;
  readonly #verdicts = new Map<string, Verdict>();

  constructor(objects: Objects, clock: Clock) {
    this.#grants = new Grants(objects, clock, () => this.#verdicts.clear());
  }

  stop(): void {
    this.#grants.stop();
  }

  async decide(user: User, attributes: Attributes): Promise<Decision> {
    if (isMaster(user)) return MASTER;
    await this.#grants.ready();
    if (isPath(attributes)) return decisionOf(this.#verdictOf(user, attributes, ""), "");
    const { verb, group, namespace, name } = attributes;
    const about = [verb, group, resourceText(attributes), namespace, user.username, ...user.groups];
    const key = about.join("\n");
    let verdict = this.#verdicts.get(key);
    if (verdict === undefined) {
      if (this.#verdicts.size >= VERDICTS_MAX) this.#verdicts.clear();
      verdict = this.#verdictOf(user, attributes, namespace);
      this.#verdicts.set(key, verdict);
    }
    return decisionOf(verdict, name);
  }

  /** Fails with Forbidden, in kube-apiserver's words, unless the user may do it. */
  async require(user: User, attributes: Attributes): Promise<void> {
    const { allowed, reason } = await this.decide(user, attributes);
    if (!allowed) throw forbiddenFor(user, attributes, reason);
  }

  /** Everything that the user may do in a namespace, or with "" in the cluster as a whole. */
  async rulesFor(user: User, namespace: string): Promise<readonly PolicyRule[]> {
    await this.#grants.ready();
    const rules = this.#grants.of(user, namespace).flatMap((grant) => grant.rules);
    return isMaster(user) ? [...EVERYTHING, ...rules] : rules;
  }

  /** The rules of the role that a binding names; undefined when it is missing. */
  async rulesOfRole(...where: Parameters<Grants["rulesOf"]>): Promise<readonly PolicyRule[] | undefined> {
    await this.#grants.ready();
    return this.#grants.rulesOf(...where);
  }

  #verdictOf(user: User, attributes: Attributes, namespace: string): Verdict {
    const grants = this.#grants.of(user, namespace);
    const byName: [PolicyRule, Grant][] = [];
    let always: Decision | undefined;
    for (const grant of grants) {
      for (const rule of grant.rules) {
        const isNamed = (rule.resourceNames ?? []).length > 0;
        const name = isNamed ? (rule.resourceNames?.[0] as string) : "";
        const asked = isPath(attributes) ? attributes : ({ ...attributes, name } as ResourceAttributes);
        if (!ruleAllows(rule, asked)) continue;
        if (isNamed) byName.push([rule, grant]);
        else always ??= allowedBy(grant);
      }
    }
    const missing = grants.flatMap((grant) => grant.missing ?? []);
    const why = missing.length > 1 ? `[${missing.join(", ")}]` : missing[0];
    return { always, byName, refusal: { allowed: false, reason: why === undefined ? "" : `RBAC: ${why}` } };
  }
}

function decisionOf({ always, byName, refusal }: Verdict, name: string): Decision {
  if (always !== undefined) return always;
  const found = byName.find(([rule]) => rule.resourceNames?.includes(name));
  return found === undefined ? refusal : allowedBy(found[1]);
}

function allowedBy({ because }: Grant): Decision {
  return { allowed: true, reason: `RBAC: allowed by ${because}` };
}
