import { forbiddenObject } from "../errors.ts";
import { type PriorityClass, priorityClasses } from "../kinds/priority-class.ts";
import type { Lookup } from "./admission.ts";

/** The class itself. @throws ApiError Forbidden when it is a second one for pods that name none */
export function refuseSecondDefault(one: PriorityClass, lookup: Lookup): PriorityClass {
  if (one.globalDefault !== true) return one;
  const { name } = one.metadata;
  const isOther = (found: PriorityClass) => found.globalDefault === true && found.metadata.name !== name;
  const other = lookup.list(priorityClasses).find(isOther);
  if (other === undefined) return one;
  const taken = `PriorityClass ${other.metadata.name} is already marked as default. Only one default can exist`;
  throw forbiddenObject(priorityClasses, name, taken);
}
