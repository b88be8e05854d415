/**
 * A set of fields in the very form of FieldsV1 (structured-merge-diff): a tree whose edges are path elements, `f:name`
 * for fields, `k:{"name":"c"}` for items of a list by their keys, `v:"x"` for values of a set. A node without edges is
 * in the set; one with edges is when it has the edge `.` too. Sets are immutable and share what they can.
 */
export interface FieldNode {
  readonly [element: string]: FieldNode;
}

/** A node in the set with nothing below. At the root it is the empty set. */
export const LEAF: FieldNode = Object.freeze({});
/** The edge that puts a node with others below it into the set. */
export const SELF = ".";

/** Whether a set has nothing in it. */
export function isEmpty(set: FieldNode): boolean {
  for (const _element in set) return false;
  return true;
}

/** Whether the path to a node, never the root, is itself in the set. */
export function isMember(node: FieldNode): boolean {
  return isEmpty(node) || Object.hasOwn(node, SELF);
}

/** The node behind an edge. */
export function childOf(node: FieldNode | undefined, element: string): FieldNode | undefined {
  return node !== undefined && Object.hasOwn(node, element) ? node[element] : undefined;
}

/** What is in either of two sets. */
export function union(left: FieldNode, right: FieldNode): FieldNode {
  if (isEmpty(left) || left === right) return right;
  if (isEmpty(right)) return left;
  return joinNodes(left, right);
}

function joinNodes(left: FieldNode, right: FieldNode): FieldNode {
  if (left === right) return left;
  let joined: Record<string, FieldNode> | undefined;
  const set = (element: string, node: FieldNode) => {
    joined ??= { ...left };
    joined[element] = node;
  };
  if (!Object.hasOwn(left, SELF) && isEmpty(left) !== isEmpty(right)) set(SELF, LEAF);
  for (const element of Object.keys(right)) {
    const before = childOf(left, element);
    const after = right[element] as FieldNode;
    if (before === undefined) set(element, after);
    else if (element !== SELF) {
      const both = joinNodes(before, after);
      if (both !== before) set(element, both);
    }
  }
  return joined ?? left;
}

/** What is in both of two sets. */
export function intersection(left: FieldNode, right: FieldNode): FieldNode {
  return sharedNode(left, right, true) ?? LEAF;
}

function sharedNode(left: FieldNode, right: FieldNode, isRoot: boolean): FieldNode | undefined {
  const shared: Record<string, FieldNode> = {};
  for (const element of Object.keys(left)) {
    const other = childOf(right, element);
    if (element === SELF || other === undefined) continue;
    const both = sharedNode(left[element] as FieldNode, other, false);
    if (both !== undefined) shared[element] = both;
  }
  const isShared = !isRoot && isMember(left) && isMember(right);
  if (isEmpty(shared)) return isShared ? LEAF : undefined;
  return isShared ? { [SELF]: LEAF, ...shared } : shared;
}

/** What is in the first set but not, by the same path, in the second. */
export function difference(left: FieldNode, right: FieldNode): FieldNode {
  return remainder(left, right, false) ?? LEAF;
}

/** What is in the first set and neither in the second nor below anything in it. */
export function without(left: FieldNode, right: FieldNode): FieldNode {
  return remainder(left, right, true) ?? LEAF;
}

function remainder(
  left: FieldNode,
  right: FieldNode | undefined,
  takesBelow: boolean,
): FieldNode | undefined {
  if (right === undefined || isEmpty(right)) return left;
  let rest: Record<string, FieldNode> | undefined;
  for (const element of Object.keys(left)) {
    const node = left[element] as FieldNode;
    const after = element === SELF ? node : remainingChild(node, childOf(right, element), takesBelow);
    if (after === node) continue;
    rest ??= { ...left };
    if (after === undefined) delete rest[element];
    else rest[element] = after;
  }
  if (rest === undefined) return left;
  return isEmpty(rest) ? undefined : lone(rest);
}

function remainingChild(
  node: FieldNode,
  taken: FieldNode | undefined,
  takesBelow: boolean,
): FieldNode | undefined {
  if (taken === undefined) return node;
  if (isMember(taken) && takesBelow) return undefined;
  const isTaken = isMember(taken);
  if (isEmpty(node)) return isTaken ? undefined : node;
  const below = remainder(node, taken, takesBelow);
  if (below === undefined || !isTaken || !Object.hasOwn(below, SELF)) return below;
  const { [SELF]: _self, ...others } = below;
  return isEmpty(others) ? undefined : others;
}

/** A node with nothing left but itself is a leaf. */
function lone(node: FieldNode): FieldNode {
  for (const element in node) if (element !== SELF) return node;
  return LEAF;
}

/** The set with every node's edges in order, as Kubernetes writes it. */
export function sorted(node: FieldNode): FieldNode {
  const elements = Object.keys(node);
  if (elements.length === 0) return LEAF;
  if (elements.length > 1) elements.sort();
  const ordered: Record<string, FieldNode> = {};
  for (const element of elements) ordered[element] = sorted(node[element] as FieldNode);
  return ordered;
}

/** Every path in the set, in order, as its elements. */
export function* pathsOf(set: FieldNode, above: readonly string[] = []): Generator<readonly string[]> {
  for (const element of Object.keys(set).sort()) {
    if (element === SELF) continue;
    const path = [...above, element];
    const node = set[element] as FieldNode;
    if (isMember(node)) yield path;
    yield* pathsOf(node, path);
  }
}

/** The set that a client sent as FieldsV1, or undefined when it is none. */
export function parseFieldSet(value: unknown): FieldNode | undefined {
  return isFieldNode(value) ? value : undefined;
}

function isFieldNode(value: unknown): value is FieldNode {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(([element, node]) => isElement(element) && isFieldNode(node));
}

function isElement(element: string): boolean {
  if (element === SELF || element.startsWith("f:")) return true;
  const isOther = element.startsWith("k:{") || element.startsWith("v:") || element.startsWith("i:");
  if (!isOther) return false;
  try {
    JSON.parse(element.slice(2));
    return true;
  } catch {
    return false;
  }
}

/** `.spec.containers[name="c"].ports[containerPort=80,protocol="TCP"]`: a path as conflicts name it. */
export function pathText(path: readonly string[]): string {
  return path.map(elementText).join("");
}

function elementText(element: string): string {
  const text = element.slice(2);
  if (element.startsWith("f:")) return `.${text}`;
  if (element.startsWith("v:")) return `[=${text}]`;
  if (element.startsWith("i:")) return `[${text}]`;
  const keys = Object.entries(JSON.parse(text) as object);
  return `[${keys.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(",")}]`;
}
