import { definitionWarnings } from "../custom/definition-warnings.ts";
import { loadEngines } from "../custom/engines.ts";
import type { JsonSchema } from "../custom/json-schema.ts";

import { validateDefinition, validateDefinitionStatus } from "../custom/validate-definition.ts";
import { ALL_WRITTEN_METADATA, type Kind } from "../kind.ts";
import { type Condition, type KubeObject, timestamp } from "../meta.ts";
import { NAME, textColumn } from "./columns.ts";

/** apiextensions.k8s.io/v1 CustomResourceDefinition: a kind that is not built in. */
export interface CustomResourceDefinition extends KubeObject {
  readonly spec: {
    readonly group: string;
    readonly names: DefinedNames;
    readonly scope: string;
    readonly versions: readonly DefinedVersion[];
    readonly conversion?: DefinedConversion;
    readonly preserveUnknownFields?: boolean;
  };
  readonly status?: DefinitionStatus;
}

export interface DefinedConversion {
  readonly strategy: string;
  readonly webhook?: {
    readonly conversionReviewVersions?: readonly string[];
    readonly clientConfig?: {
      readonly url?: string;
      readonly service?: {
        readonly name?: string;
        readonly namespace?: string;
        readonly path?: string;
        readonly port?: number;
      };
    };
  };
}

export interface DefinedNames {
  readonly plural: string;
  readonly singular?: string;
  readonly kind: string;
  readonly listKind?: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

export interface DefinedVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly deprecated?: boolean;
  readonly deprecationWarning?: string;
  readonly schema?: { readonly openAPIV3Schema?: JsonSchema };
  readonly subresources?: { readonly status?: object; readonly scale?: DefinedScale };
  readonly additionalPrinterColumns?: readonly DefinedColumn[];
  readonly selectableFields?: readonly { readonly jsonPath: string }[];
}

export interface DefinedScale {
  readonly specReplicasPath: string;
  readonly statusReplicasPath: string;
  readonly labelSelectorPath?: string;
}

export interface DefinedColumn {
  readonly name: string;
  readonly type: string;
  readonly format?: string;
  readonly description?: string;
  readonly priority?: number;
  readonly jsonPath: string;
}

export interface DefinitionStatus {
  readonly conditions?: readonly Condition[];
  readonly acceptedNames?: DefinedNames;
  readonly storedVersions?: readonly string[];
}

/** Holds a definition that is being deleted until its objects are gone. */
export const CLEANUP_FINALIZER = "customresourcecleanup.apiextensions.k8s.io";

export const customResourceDefinitions: Kind<CustomResourceDefinition> = {
  group: "apiextensions.k8s.io",
  version: "v1",
  kind: "CustomResourceDefinition",
  plural: "customresourcedefinitions",
  singular: "customresourcedefinition",
  shortNames: ["crd", "crds"],
  categories: ["api-extensions"],
  namespaced: false,
  schema: "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition",
  statusSubresource: true,
  keptByStatus: ALL_WRITTEN_METADATA,
  putNamesVersion: true,
  columns: [
    NAME,
    textColumn(
      "Created At",
      "When the definition was created.",
      ({ metadata }) => metadata.creationTimestamp,
    ),
  ],
  selectableFields: {},
  load: loadEngines,
  setDefaults: withDefaults,
  prepareForCreate: ({ status: _, ...definition }) => definition,
  prepareForDelete,
  validate: validateDefinition,
  validateStatus: validateDefinitionStatus,
  warnings: definitionWarnings,
};

/** The condition of that type. */
export function conditionOf({ status }: CustomResourceDefinition, type: string): Condition | undefined {
  return status?.conditions?.find((condition) => condition.type === type);
}

/** Whether objects of the kind are served. */
export function isEstablished(definition: CustomResourceDefinition): boolean {
  return conditionOf(definition, "Established")?.status === "True";
}

/** The status with a condition set; the very same when it says so already. */
export function withCondition(
  status: DefinitionStatus,
  condition: Omit<Condition, "lastTransitionTime">,
  now: number,
): DefinitionStatus {
  const { conditions = [] } = status;
  const before = conditions.find(({ type }) => type === condition.type);
  const isSame = before?.status === condition.status;
  if (isSame && before.reason === condition.reason && before.message === condition.message) return status;
  const lastTransitionTime = isSame ? (before.lastTransitionTime ?? timestamp(now)) : timestamp(now);
  const after = { ...condition, lastTransitionTime };
  const isNew = before === undefined;
  return {
    ...status,
    conditions: isNew ? [...conditions, after] : conditions.map((one) => (one === before ? after : one)),
  };
}

function withDefaults(definition: CustomResourceDefinition): CustomResourceDefinition {
  const { spec } = definition;
  const { names, conversion } = spec ?? {};
  if (!names?.kind) return definition;
  const isComplete = names.singular && names.listKind && conversion?.strategy;
  if (isComplete) return definition;
  const singular = names.singular || names.kind.toLowerCase();
  const listKind = names.listKind || `${names.kind}List`;
  return {
    ...definition,
    spec: {
      ...spec,
      names: { ...names, singular, listKind },
      conversion: conversion?.strategy ? conversion : { strategy: "None" },
    },
  };
}

/** A deletion waits for the objects of the kind. */
function prepareForDelete(definition: CustomResourceDefinition, now: number): CustomResourceDefinition {
  const { finalizers = [] } = definition.metadata;
  if (definition.metadata.deletionTimestamp !== undefined || finalizers.includes(CLEANUP_FINALIZER)) {
    return definition;
  }
  const terminating = {
    type: "Terminating",
    status: "True",
    reason: "InstanceDeletionPending",
    message: "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon",
  } as const;
  return {
    ...definition,
    metadata: { ...definition.metadata, finalizers: [...finalizers, CLEANUP_FINALIZER] },
    status: withCondition(definition.status ?? {}, terminating, now),
  };
}
