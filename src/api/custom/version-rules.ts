import type { FieldError } from "../errors.ts";
import { invalidValue } from "../field-errors.ts";
import type { Column } from "../kind.ts";
import type { CustomResourceDefinition, DefinedVersion } from "../kinds/custom-resource-definition.ts";
import type { KubeObject } from "../meta.ts";
import type { ScaleSubresource } from "../scale.ts";
import { type Conformed, conform } from "../schema/conform.ts";
import type { FieldSchema } from "../schema/field-schema.ts";
import { type Check, compileCheck } from "./check.ts";
import { compileDefaults, type Filler } from "./defaults.ts";
import { rootFieldTree } from "./field-tree.ts";
import { parseJsonPath } from "./json-path.ts";
import type { JsonSchema } from "./json-schema.ts";
import { printerColumns } from "./printer-columns.ts";
import { compilePruner, type Pruner } from "./prune.ts";
import { unchangedSince } from "./ratcheting.ts";
import { Report } from "./report.ts";
import { applyRules } from "./rules/apply-rules.ts";
import { compileRules, type RuleNode } from "./rules/rule-tree.ts";

/** What every object has, whatever its schema says. */
const TYPE_FIELDS: ReadonlySet<string> = new Set(["apiVersion", "kind", "metadata"]);

type Fields = Record<string, unknown>;

/** After faults of these types an object may not be what the rules take it for. */
const BLOCKING: ReadonlySet<string> = new Set([
  ...["NotSupported", "Required", "TooLong", "TooMany", "TypeInvalid"],
]);

const NOT_ASKED = invalidValue(
  "<nil>",
  "null",
  "some validation rules were not checked because the object was invalid; " +
    "correct the existing errors to complete validation",
);

/** One version of one state of a definition, compiled when it is first needed. It never changes. */
export class VersionRules {
  readonly definition: CustomResourceDefinition;
  readonly version: DefinedVersion;
  readonly schema: JsonSchema;
  readonly columns: readonly Column[];
  readonly scale: ScaleSubresource | undefined;
  /** The schema as server-side apply reads it. */
  readonly fields: FieldSchema;
  readonly selectableFields: Readonly<Record<string, (object: KubeObject) => string>>;
  readonly #shown = new WeakMap<KubeObject, KubeObject>();
  readonly #apiVersion: string;
  #compiled: Compiled | undefined;

  constructor(definition: CustomResourceDefinition, version: DefinedVersion) {
    this.definition = definition;
    this.version = version;
    this.schema = version.schema?.openAPIV3Schema ?? {};
    this.columns = printerColumns(version.additionalPrinterColumns);
    this.scale = scaleOf(version);
    this.fields = rootFieldTree(this.schema);
    this.selectableFields = selectableOf(version);
    this.#apiVersion = `${definition.spec.group}/${version.name}`;
  }

  conform(object: object): Conformed {
    const { prune } = this.#rules();
    const known: Fields = {};
    const rest: Fields = {};
    for (const [field, value] of Object.entries(object)) {
      (TYPE_FIELDS.has(field) ? known : rest)[field] = value;
    }
    const outer = conform(CUSTOM_OBJECT, known);
    const unknownFields = [...outer.unknownFields];
    const pruned = prune(rest, [], unknownFields) as Fields;
    return { value: { ...(outer.value as Fields), ...pruned }, unknownFields, errors: outer.errors };
  }

  setDefaults<T extends KubeObject>(object: T): T {
    return (this.#rules().fill?.(object) ?? object) as T;
  }

  /** What the schema says against an object; what it said before about parts that did not change is let be. */
  check(object: KubeObject, old: KubeObject | undefined): readonly FieldError[] {
    const report = new Report();
    const { check, rules } = this.#rules();
    check(object, report);
    const errors = changedFaults(report, object, old);
    if (rules === undefined) return errors;
    if (errors.some(({ type }) => BLOCKING.has(type))) return [...errors, NOT_ASKED];
    const broken = { report: new Report(), changes: new Report() };
    applyRules(rules, object, old, broken);
    const changes = broken.changes.faults.map(({ error }) => error);
    return [...errors, ...changedFaults(broken.report, object, old), ...changes];
  }

  show(stored: KubeObject): KubeObject {
    let shown = this.#shown.get(stored);
    if (shown === undefined) {
      shown = this.#show(stored);
      this.#shown.set(stored, shown);
    }
    return shown;
  }

  #show(stored: KubeObject): KubeObject {
    const { prune, fill } = this.#rules();
    const { apiVersion, kind, metadata, ...rest } = stored;
    const pruned = prune(rest, [], []);
    const isSame = pruned === rest && apiVersion === this.#apiVersion;
    const named = isSame ? stored : { apiVersion: this.#apiVersion, kind, metadata, ...(pruned as object) };
    return (fill?.(named) ?? named) as KubeObject;
  }

  #rules(): Compiled {
    this.#compiled ??= compile(this.schema);
    return this.#compiled;
  }
}

interface Compiled {
  readonly prune: Pruner;
  readonly fill: Filler | undefined;
  readonly check: Check;
  readonly rules: RuleNode | undefined;
}

/** What was found against an object, but for what was there before and did not change. */
function changedFaults(
  report: Report,
  object: KubeObject,
  old: KubeObject | undefined,
): readonly FieldError[] {
  if (report.isClean) return [];
  const faults =
    old === undefined
      ? report.faults
      : report.faults.filter(({ about }) => !unchangedSince(old, object, about));
  return faults.map(({ error }) => error);
}

/** The type in the schema table of what stands around a custom resource. */
const CUSTOM_OBJECT = "dev.kubesim.CustomObject";

function compile(schema: JsonSchema): Compiled {
  return {
    prune: compilePruner(schema),
    fill: compileDefaults(schema),
    check: compileCheck(schema),
    rules: compileRules(schema),
  };
}

function scaleOf({ subresources }: DefinedVersion): ScaleSubresource | undefined {
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = subresources?.scale ?? {};
  if (specReplicasPath === undefined || statusReplicasPath === undefined) return undefined;
  const read = labelSelectorPath === undefined ? undefined : parseJsonPath(labelSelectorPath);
  const selector = (object: KubeObject): string => {
    const [text] = read?.(object) ?? [];
    return typeof text === "string" ? text : "";
  };
  return { specReplicasPath, statusReplicasPath, selector };
}

function selectableOf({ selectableFields = [] }: DefinedVersion): VersionRules["selectableFields"] {
  const entries = selectableFields.map(({ jsonPath }) => {
    const read = parseJsonPath(jsonPath);
    return [jsonPath.slice(1), (object: KubeObject) => String(read?.(object)[0] ?? "")] as const;
  });
  return Object.fromEntries(entries);
}
