import type { Environment } from "@marcbachmann/cel-js";
import { deepEqual } from "../../../deep-equal.ts";
import { spendOnSize } from "../cost.ts";

/** Functions on lists: Kubernetes' sum, min, max, isSorted, indexOf and lastIndexOf, and cel-go's sets. */
export function registerLists(environment: Environment): void {
  for (const type of ["int", "double"]) registerNumbers(environment, type);
  for (const type of ["string", "bool"]) registerOrder(environment, type);
  const indexOf = (list: readonly unknown[], wanted: unknown) => {
    spendOnSize(list.length);
    return BigInt(list.findIndex((item) => same(item, wanted)));
  };
  const lastIndexOf = (list: readonly unknown[], wanted: unknown) => {
    spendOnSize(list.length);
    return BigInt(list.findLastIndex((item) => same(item, wanted)));
  };
  environment.registerFunction("list.indexOf(dyn): int", indexOf);
  environment.registerFunction("list.lastIndexOf(dyn): int", lastIndexOf);
  registerSets(environment);
}

type Ordered = bigint | number | string | boolean;

function registerNumbers(environment: Environment, type: string): void {
  registerOrder(environment, type);
  environment.registerFunction(`list<${type}>.sum(): ${type}`, (list: readonly (bigint & number)[]) => {
    spendOnSize(list.length);
    return list.reduce(
      (sum, item) => (sum + item) as bigint & number,
      (type === "int" ? 0n : 0) as bigint & number,
    );
  });
}

function registerOrder(environment: Environment, type: string): void {
  const pick =
    (isBetter: (one: Ordered, other: Ordered) => boolean, name: string) => (list: readonly Ordered[]) => {
      spendOnSize(list.length);
      const [first, ...rest] = list;
      if (first === undefined) throw new Error(`${name} called on empty list`);
      return rest.reduce((best, item) => (isBetter(item, best) ? item : best), first);
    };
  if (type !== "bool") {
    environment.registerFunction(
      `list<${type}>.min(): ${type}`,
      pick((one, other) => one < other, "min"),
    );
    environment.registerFunction(
      `list<${type}>.max(): ${type}`,
      pick((one, other) => one > other, "max"),
    );
  }
  environment.registerFunction(`list<${type}>.isSorted(): bool`, (list: readonly Ordered[]) => {
    spendOnSize(list.length);
    return list.every((item, index) => index === 0 || (list[index - 1] as Ordered) <= item);
  });
}

/** Stands for the name in front of `sets.contains`. */
class Sets {}

function registerSets(environment: Environment): void {
  environment.registerType("Sets", Sets);
  environment.registerConstant("sets", "Sets", new Sets());
  const contains = (list: readonly unknown[], others: readonly unknown[]) => {
    spendOnSize(list.length * others.length);
    return others.every((other) => list.some((item) => same(item, other)));
  };
  environment.registerFunction("Sets.contains(list, list): bool", (_, list, others) =>
    contains(list, others),
  );
  environment.registerFunction(
    "Sets.equivalent(list, list): bool",
    (_, list, others) => contains(list, others) && contains(others, list),
  );
  environment.registerFunction("Sets.intersects(list, list): bool", (_, list, others) => {
    spendOnSize(list.length * others.length);
    return list.some((item: unknown) => others.some((other: unknown) => same(item, other)));
  });
}

function same(one: unknown, other: unknown): boolean {
  return one === other || deepEqual(one, other);
}
