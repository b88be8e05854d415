import { ApiError, type FieldError } from "../errors.ts";
import { ALL_WRITTEN_METADATA, type Column, type Kind } from "../kind.ts";
import type { CustomResourceDefinition } from "../kinds/custom-resource-definition.ts";
import type { KubeObject } from "../meta.ts";
import { validateMetadata } from "../metadata-validation.ts";
import type { ScaleSubresource } from "../scale.ts";
import type { CustomResource } from "./custom-resource.ts";
import type { VersionRules } from "./version-rules.ts";

/**
 * One version of a kind that a CustomResourceDefinition defines. It stays the same object while the definition changes,
 * so that open watches go on, by the rules that hold now.
 */
export class CustomKind implements Kind {
  readonly group: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly custom: CustomResource;
  #rules: VersionRules;
  #storedAs: string;

  constructor(rules: VersionRules) {
    const { spec } = rules.definition;
    this.group = spec.group;
    this.plural = spec.names.plural;
    this.namespaced = spec.scope === "Namespaced";
    this.#rules = rules;
    this.#storedAs = storageVersion(rules.definition);
    this.custom = this.#customResource();
  }

  readonly keptByStatus = ALL_WRITTEN_METADATA;
  readonly putNamesVersion = true;

  /** From now on other rules hold. */
  follow(rules: VersionRules): void {
    this.#rules = rules;
    this.#storedAs = storageVersion(rules.definition);
  }

  get version(): string {
    return this.#rules.version.name;
  }

  get kind(): string {
    return this.#names.kind;
  }

  get singular(): string {
    return this.#names.singular ?? this.kind.toLowerCase();
  }

  get shortNames(): readonly string[] {
    return this.#names.shortNames ?? [];
  }

  get categories(): readonly string[] {
    return this.#names.categories ?? [];
  }

  /** As Kubernetes names it in OpenAPI: `com.example.v1.Widget`. */
  get schema(): string {
    return `${this.group.split(".").reverse().join(".")}.${this.version}.${this.kind}`;
  }

  get statusSubresource(): boolean {
    return this.#rules.version.subresources?.status !== undefined;
  }

  get columns(): readonly Column[] {
    return this.#rules.columns;
  }

  get selectableFields(): Kind["selectableFields"] {
    return this.#rules.selectableFields;
  }

  get scale(): ScaleSubresource | undefined {
    return this.#rules.scale;
  }

  readonly setDefaults = (object: KubeObject): KubeObject => this.#rules.setDefaults(object);

  readonly prepareForCreate = (object: KubeObject): KubeObject => {
    if (this.#rules.definition.metadata.deletionTimestamp !== undefined) {
      const message = "create not allowed while custom resource definition is terminating";
      throw new ApiError("MethodNotAllowed", message, { group: this.group, kind: this.plural });
    }
    const metadata = { ...object.metadata, generation: 1 };
    if (!this.statusSubresource) return { ...object, metadata };
    const { status: _, ...rest } = object as KubeObject & { readonly status?: unknown };
    return { ...rest, metadata };
  };

  readonly validate = (object: KubeObject, old: KubeObject | undefined): readonly FieldError[] => [
    ...validateMetadata(object.metadata, old?.metadata, { hasPlainFinalizers: true }),
    ...this.#rules.check(object, old),
  ];

  readonly validateStatus = (object: KubeObject, old: KubeObject): readonly FieldError[] =>
    this.#rules.check(object, old);

  get deprecation(): string | undefined {
    const { deprecated, deprecationWarning, name } = this.#rules.version;
    if (!deprecated) return undefined;
    return deprecationWarning ?? `${this.group}/${name} ${this.kind} is deprecated`;
  }

  get #names(): CustomResourceDefinition["spec"]["names"] {
    const { status, spec } = this.#rules.definition;
    return status?.acceptedNames ?? spec.names;
  }

  #customResource(): CustomResource {
    const rules = () => this.#rules;
    const storedAs = () => `${this.group}/${this.#storedAs}`;
    return {
      get revision() {
        return rules().definition.metadata.resourceVersion;
      },
      get schema() {
        return rules().schema;
      },
      get fields() {
        return rules().fields;
      },
      conform: (object) => rules().conform(object),
      fromStored: (stored) => rules().show(stored),
      toStored: (object) => {
        const apiVersion = storedAs();
        return object.apiVersion === apiVersion ? object : { ...object, apiVersion };
      },
    };
  }
}

function storageVersion({ spec }: CustomResourceDefinition): string {
  return spec.versions.find(({ storage }) => storage)?.name ?? "";
}
