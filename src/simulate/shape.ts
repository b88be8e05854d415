import { parseQuantity } from "../api/quantity.ts";

/** What a node has or a pod asks for, as Kubernetes writes it: `{ cpu: "16", memory: "64Gi" }`. */
export type Shape = Readonly<Record<string, string>>;

/** Why a text is no shape. */
export class ShapeError extends Error {}

/** Reads `cpu=16,memory=64Gi,nvidia.com/gpu=8`. Throws ShapeError. */
export function parseShape(text: string): Shape {
  const shape: Record<string, string> = {};
  for (const part of text.split(",")) {
    const [name = "", quantity = ""] = part.split("=", 2).map((word) => word.trim());
    const value = parseQuantity(quantity);
    if (name === "" || value === undefined) throw new ShapeError(`"${part}" is not of the form cpu=16`);
    if (value <= 0) throw new ShapeError(`${name} must be more than zero`);
    if (Object.hasOwn(shape, name)) throw new ShapeError(`${name} stands there twice`);
    shape[name] = quantity;
  }
  return shape;
}
