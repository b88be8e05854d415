import { deepEqual } from "../../api/deep-equal.ts";
import { isReason } from "../../api/errors.ts";
import { aggregatedRules } from "../../api/kinds/aggregated-rules.ts";
import { clusterRoles, type Role } from "../../api/kinds/rbac.ts";
import { modify } from "../../api/modify.ts";
import type { Controller, ControllerContext } from "../controller.ts";
import { KeyedWork } from "../keyed-work.ts";

/** Gives cluster roles with an aggregation rule the rules of the roles that it selects. */
export const clusterRoleAggregation: Controller = {
  name: "cluster-role-aggregation",
  async start(context) {
    const roles = await context.view.follow(clusterRoles);
    const work = new KeyedWork(context, (name) => aggregate(context, name, () => roles.values()));
    const changed = (before: Role | undefined, after: Role | undefined) => {
      if (before !== undefined && after !== undefined && saysSame(before, after)) return;
      for (const role of roles.values()) {
        if (role.aggregationRule !== undefined) work.request(role.metadata.name);
      }
    };
    const leave = roles.join({ changed });
    return {
      stop() {
        leave();
        work.stop();
      },
    };
  },
};

function saysSame(before: Role, after: Role): boolean {
  return (
    deepEqual(before.metadata.labels, after.metadata.labels) &&
    deepEqual(before.rules, after.rules) &&
    deepEqual(before.aggregationRule, after.aggregationRule)
  );
}

async function aggregate(
  { objects }: ControllerContext,
  name: string,
  all: () => Iterable<Role>,
): Promise<void> {
  const change = (role: Role): Role => {
    if (role.aggregationRule === undefined) return role;
    const rules = aggregatedRules(role, all());
    return deepEqual(rules, role.rules) ? role : { ...role, rules };
  };
  try {
    await modify(objects, clusterRoles, { name }, change);
  } catch (error) {
    if (!isReason(error, "NotFound")) throw error;
  }
}
