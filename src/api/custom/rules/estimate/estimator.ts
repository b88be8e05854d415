import type { MeteredNode } from "../cost.ts";
import { estimateCall, type Sized, times, traversal } from "./calls.ts";
import type { Declared } from "./declared.ts";

/**
 * The most that one evaluation of an expression can cost, in the steps and by the rules of cel-go's checker.Cost: a
 * rule that is refused there is refused here. Infinity for what has no bound.
 * @param root what `self` can be
 */
export function estimateCost(ast: MeteredNode, root: Declared): number {
  return new Estimator(root).at(ast).cost;
}

/**
 * What is known of an expression. `place` is where in the data of `self` its value stands: undefined for what stands
 * nowhere, `declared` undefined for a way that leads nowhere.
 */
interface Known {
  readonly cost: number;
  readonly size: number;
  readonly entry: number;
  readonly place: Place | undefined;
}

interface Place {
  readonly declared: Declared | undefined;
}

const UNKNOWN = Number.POSITIVE_INFINITY;
const LIST_COST = 10;
const MAP_COST = 30;
const SCALAR =
  /^(optional<)?(bool|double|int|uint|google\.protobuf\.(Duration|Timestamp)|Quantity|URL|IP|CIDR|Semver|Format)>?$/;
/** Names before the dot of functions that have no receiver. */
const NAMESPACES: ReadonlySet<string> = new Set([
  "sets",
  "cel",
  "math",
  "optional",
  "ip",
  "strings",
  "format",
]);

class Estimator {
  readonly #root: Declared;
  readonly #variables = new Map<string, Known>();

  constructor(root: Declared) {
    this.#root = root;
  }

  at(node: MeteredNode): Known {
    const { op } = node;
    const args = node.args as readonly MeteredNode[];
    switch (op) {
      case "value":
        return literal(node.args);
      case "id":
        return this.#named(String(node.args), node);
      case ".":
      case ".?":
      case "[]":
      case "[?]":
        return this.#within(node);
      case "list":
        return this.#list(args);
      case "map":
        return this.#map(node.args as readonly (readonly [MeteredNode, MeteredNode])[]);
      case "call":
      case "rcall":
        return this.#call(node);
      case "?:": {
        const [test, yes, no] = args.map((each) => this.at(each)) as [Known, Known, Known];
        const size = Math.max(yes.size, no.size);
        const cost = test.cost + Math.max(yes.cost, no.cost);
        return { cost, size, entry: Math.max(yes.entry, no.entry), place: undefined };
      }
      case "-_":
        if ((node.args as MeteredNode).op === "value") return literal(0);
        return this.#result(this.at(node.args as MeteredNode).cost + 1, node);
      case "!_":
        return this.#result(this.at(node.args as MeteredNode).cost + 1, node);
      default:
        return this.#operator(node, this.at(args[0] as MeteredNode), this.at(args[1] as MeteredNode));
    }
  }

  #named(name: string, node: MeteredNode): Known {
    const variable = this.#variables.get(name);
    if (variable !== undefined) return { ...variable, cost: 1 };
    return this.#placed(1, { declared: this.#root }, node);
  }

  /** A field, an item or an entry. */
  #within(node: MeteredNode): Known {
    const [outer, inner] = node.args as readonly [MeteredNode, string | MeteredNode];
    const { place, cost, entry } = this.at(outer);
    const isIndex = typeof inner !== "string";
    const spent = isIndex ? this.at(inner).cost + 1 : typeOf(outer) === "dyn" ? 0 : 1;
    const isField = !isIndex || place?.declared?.fields !== undefined;
    const next = isField ? this.#field(place, isIndex ? String(inner.args) : inner) : this.#element(place);
    if (place === undefined && entry !== UNKNOWN) {
      return { cost: cost + spent, size: entry, entry: UNKNOWN, place: next };
    }
    return this.#placed(cost + spent, next, node);
  }

  /** A step from what stands nowhere leads to the root, as cel-go's paths do. */
  #field(place: Place | undefined, word: string): Place {
    if (place === undefined) return { declared: this.#root };
    return { declared: place.declared?.fields?.get(word) };
  }

  #element(place: Place | undefined): Place {
    return { declared: place === undefined ? this.#root : place.declared?.elements };
  }

  #placed(cost: number, place: Place, node: MeteredNode): Known {
    const { declared } = place;
    if (declared === undefined) return { ...this.#result(cost, node), place };
    return { cost, size: declared.maxElements, entry: declared.elements?.maxElements ?? UNKNOWN, place };
  }

  /** What stands nowhere: only of scalars the size is known. */
  #result(cost: number, node: MeteredNode): Known {
    const size = SCALAR.test(typeOf(node)) ? 1 : UNKNOWN;
    return { cost, size, entry: UNKNOWN, place: undefined };
  }

  #list(items: readonly MeteredNode[]): Known {
    const known = items.map((item) => this.at(item));
    return {
      cost: LIST_COST + sum(known),
      size: items.length,
      entry: Math.max(0, ...known.map(({ size }) => size)),
      place: undefined,
    };
  }

  #map(entries: readonly (readonly [MeteredNode, MeteredNode])[]): Known {
    const cost = MAP_COST + sum(entries.flat().map((each) => this.at(each)));
    return { cost, size: entries.length, entry: UNKNOWN, place: undefined };
  }

  #operator(node: MeteredNode, left: Known, right: Known): Known {
    const spent = left.cost + right.cost;
    switch (node.op) {
      case "&&":
      case "||":
        return this.#result(spent, node);
      case "in": {
        const [, list] = node.args as readonly [MeteredNode, MeteredNode];
        return this.#result(spent + (typeOf(list).startsWith("map") ? 1 : right.size), node);
      }
      case "==":
      case "!=":
        return this.#result(spent + traversal(Math.min(left.size, right.size)), node);
      case "<":
      case "<=":
      case ">":
      case ">=":
        return this.#result(spent + this.#comparison(node, left, right), node);
      case "+":
        return this.#sum(node, left, right);
      default:
        return this.#result(spent + 1, node);
    }
  }

  #comparison({ args }: MeteredNode, left: Known, right: Known): number {
    const isText = (args as readonly MeteredNode[]).some((each) => /^(string|bytes)$/.test(typeOf(each)));
    return isText ? traversal(Math.min(left.size, right.size)) : 1;
  }

  #sum(node: MeteredNode, left: Known, right: Known): Known {
    const spent = left.cost + right.cost;
    const size = left.size + right.size;
    const entry = Math.max(left.entry, right.entry);
    const type = typeOf(node);
    if (type.startsWith("list")) return { cost: spent + 1, size, entry, place: undefined };
    if (!/^(string|bytes|dyn)$/.test(type)) return this.#result(spent + 1, node);
    return { cost: spent + Math.max(1, traversal(size)), size, entry: UNKNOWN, place: undefined };
  }

  #call(node: MeteredNode): Known {
    const [name, ...rest] = node.args as readonly [string, ...unknown[]];
    const given = rest.at(-1) as readonly MeteredNode[];
    const receiver = node.op === "rcall" ? (rest[0] as MeteredNode) : undefined;
    if (name === "has" && receiver === undefined) return this.#has(given[0] as MeteredNode, node);
    const namespace =
      receiver?.op === "id" && this.#isNamespace(String(receiver.args)) ? receiver.args : undefined;
    if (namespace === "cel" && name === "bind") return this.#bind(given);
    if (receiver !== undefined && Object.hasOwn(LOOPS, name) && given.length >= 2) {
      return this.#loop(name, receiver, given, node);
    }
    const target = receiver === undefined || namespace !== undefined ? undefined : this.at(receiver);
    const known = given.map((each) => this.at(each));
    const sized = (one: Known, of: MeteredNode): Sized => ({
      size: one.size,
      entry: one.entry,
      type: typeOf(of),
    });
    const { cost, size } = estimateCall(
      namespace === undefined ? name : `${namespace}.${name}`,
      target && sized(target, receiver as MeteredNode),
      known.map((one, index) => sized(one, given[index] as MeteredNode)),
    );
    const result = this.#result(cost + (target?.cost ?? 0) + sum(known), node);
    // What stands in an optional is where it was; what takes its place has a size of its own.
    if (name === "orValue") return { ...result, size: Math.max(target?.size ?? 0, known[0]?.size ?? 0) };
    if (name === "value" && target !== undefined) return { ...target, cost: result.cost };
    return size === undefined ? result : { ...result, size };
  }

  #isNamespace(name: string): boolean {
    return NAMESPACES.has(name) && !this.#variables.has(name);
  }

  /** To ask whether a field is there costs nothing but the way to what it is a field of. */
  #has({ args }: MeteredNode, node: MeteredNode): Known {
    const [operand] = args as readonly MeteredNode[];
    return this.#result(this.at(operand as MeteredNode).cost, node);
  }

  #bind([variable, value, result]: readonly MeteredNode[]): Known {
    const bound = this.at(value as MeteredNode);
    const known = this.#with(String(variable?.args), bound, () => this.at(result as MeteredNode));
    return { ...known, cost: LIST_COST + bound.cost + known.cost };
  }

  #loop(
    name: string,
    receiver: MeteredNode,
    [variable, ...body]: readonly MeteredNode[],
    node: MeteredNode,
  ): Known {
    const range = this.at(receiver);
    const isMap = typeOf(receiver).startsWith("map");
    const place = isMap ? this.#keys(range.place) : this.#element(range.place);
    const declared = place.declared;
    const size = declared?.maxElements ?? (isMap ? UNKNOWN : range.entry);
    const item = { cost: 1, size, entry: declared?.elements?.maxElements ?? UNKNOWN, place };
    const steps = this.#with(String(variable?.args), item, () => body.map((each) => this.at(each)));
    const { once, each } = LOOPS[name] as Loop;
    const makesList = name === "map" || name === "filter";
    const cost = range.cost + once + times(range.size, each + sum(steps));
    if (!makesList) return this.#result(cost, node);
    const entry = name === "filter" ? size : (steps.at(-1)?.size ?? UNKNOWN);
    // The item itself is put into the list that filter makes.
    const own = name === "filter" ? times(range.size, 1) : 0;
    return { cost: cost + own, size: range.size, entry, place: undefined };
  }

  /** Names in maps are declared as texts without a length. */
  #keys(place: Place | undefined): Place {
    return { declared: place === undefined ? this.#root : KEYS };
  }

  #with<T>(name: string, known: Known, work: () => T): T {
    const outer = this.#variables.get(name);
    this.#variables.set(name, known);
    const result = work();
    if (outer === undefined) this.#variables.delete(name);
    else this.#variables.set(name, outer);
    return result;
  }
}

/** Kubernetes' StringType, of which the names of maps are, says nothing of lengths. */
const KEYS: Declared = { maxElements: 0, minBytes: 2 };

interface Loop {
  /** Beginning and end. */
  readonly once: number;
  /** Beside the expressions that are given. */
  readonly each: number;
}

/** Macros that go through a list or a map, by what cel-go turns them into. */
const LOOPS: Readonly<Record<string, Loop>> = {
  all: { once: 1, each: 3 },
  exists: { once: 1, each: 4 },
  exists_one: { once: 2, each: 2 },
  map: { once: LIST_COST + 1, each: 12 },
  filter: { once: LIST_COST + 1, each: 12 },
};

function literal(value: unknown): Known {
  const size = typeof value === "string" ? [...value].length : value instanceof Uint8Array ? value.length : 1;
  return { cost: 0, size, entry: UNKNOWN, place: undefined };
}

function sum(known: readonly Known[]): number {
  return known.reduce((total, { cost }) => total + cost, 0);
}

function typeOf(node: MeteredNode): string {
  return node.checkedType?.name ?? "";
}
