import type { Environment } from "@marcbachmann/cel-js";
import { parseQuantity } from "../../../quantity.ts";

/** A quantity as rules see it, in base units. */
class Quantity {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** Kubernetes' functions on quantities such as `500m` and `2Gi`. */
export function registerQuantities(environment: Environment): void {
  environment.registerType("Quantity", Quantity);
  environment.registerFunction(
    "isQuantity(string): bool",
    (text: string) => parseQuantity(text) !== undefined,
  );
  environment.registerFunction("quantity(string): Quantity", quantityOf);
  const compare = (name: string, answer: (left: number, right: number) => boolean) =>
    environment.registerFunction(`Quantity.${name}(Quantity): bool`, (left: Quantity, right: Quantity) =>
      answer(left.value, right.value),
    );
  compare("isGreaterThan", (left, right) => left > right);
  compare("isLessThan", (left, right) => left < right);
  environment.registerOperator(
    "Quantity == Quantity",
    (left: Quantity, right: Quantity) => left.value === right.value,
  );
  environment.registerFunction("Quantity.compareTo(Quantity): int", (left: Quantity, right: Quantity) =>
    BigInt(Math.sign(left.value - right.value)),
  );
  const combine = (name: string, work: (left: number, right: number) => number) => {
    environment.registerFunction(
      `Quantity.${name}(Quantity): Quantity`,
      (left: Quantity, right: Quantity) => new Quantity(work(left.value, right.value)),
    );
    environment.registerFunction(
      `Quantity.${name}(int): Quantity`,
      (left: Quantity, right: bigint) => new Quantity(work(left.value, Number(right))),
    );
  };
  combine("add", (left, right) => left + right);
  combine("sub", (left, right) => left - right);
  environment.registerFunction("Quantity.sign(): int", ({ value }: Quantity) => BigInt(Math.sign(value)));
  environment.registerFunction("Quantity.isInteger(): bool", ({ value }: Quantity) =>
    Number.isInteger(value),
  );
  environment.registerFunction("Quantity.asInteger(): int", ({ value }: Quantity) => {
    if (!Number.isInteger(value)) throw new Error("cannot convert value to integer");
    return BigInt(value);
  });
  environment.registerFunction("Quantity.asApproximateFloat(): double", ({ value }: Quantity) => value);
}

function quantityOf(text: string): Quantity {
  const value = parseQuantity(text);
  if (value === undefined) throw new Error("quantities must match the regular expression");
  return new Quantity(value);
}
