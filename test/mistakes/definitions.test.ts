import { customResourceDefinitions } from "../../src/api/kinds/custom-resource-definition.ts";
import type { InMemoryServer, Json } from "../in-memory-server.ts";
import { at, DNS_1035, IMMUTABLE, named, SUBDOMAIN, spec, subject } from "./changes.ts";
import { type Mistake, mistakesOnCreate, mistakesOnStatus, mistakesOnUpdate } from "./mistakes.ts";

const DEFINITION = subject(customResourceDefinitions);
const VERSION = "spec.versions[0]";
const SCHEMA = `${VERSION}.schema.openAPIV3Schema`;
const version = (change: object) => at("spec.versions.0", change);
/** Another schema for `spec.a`. */
const field =
  (schema: object, more: object = {}): Mistake[0] =>
  (object) => {
    const root: Json = object.spec.versions[0].schema.openAPIV3Schema;
    root.properties = { a: schema, ...more };
  };
const A = `${SCHEMA}.properties[a]`;
const MAP = "x-kubernetes-list-type";
const KEYS = "x-kubernetes-list-map-keys";
const ONE_STORED = "must have exactly one version marked as storage version";

mistakesOnCreate(DEFINITION, {
  "another name": [
    named("widget.example.com"),
    'metadata.name: Invalid value: "widget.example.com": must be spec.names.plural+"."+spec.group',
  ],
  "a group without a dot": [
    (object) => {
      object.metadata.name = "widgets.example";
      object.spec.group = "example";
    },
    'spec.group: Invalid value: "example": should be a domain with at least one dot',
  ],
  "a group in capitals, and a scope that is none": [
    (object) => {
      object.metadata.name = "widgets.Example.com";
      Object.assign(object.spec, { group: "Example.com", scope: "Global" });
    },
    `metadata.name: Invalid value: "widgets.Example.com": ${SUBDOMAIN}`,
    `spec.group: Invalid value: "Example.com": ${SUBDOMAIN}`,
    'spec.scope: Unsupported value: "Global": supported values: "Cluster", "Namespaced"',
  ],
  "no kind": [
    at("spec.names", { kind: "" }),
    "spec.names.singular: Required value",
    "spec.names.kind: Required value",
    "spec.names.listKind: Required value",
  ],
  "names that none can be": [
    at("spec.names", {
      singular: "1w",
      kind: "Wid_get",
      listKind: "Wid_get",
      shortNames: ["W"],
      categories: ["a b"],
    }),
    `spec.names.singular: Invalid value: "1w": ${DNS_1035}`,
    `spec.names.kind: Invalid value: "Wid_get": may have mixed case, but should otherwise match: ${DNS_1035}`,
    `spec.names.listKind: Invalid value: "Wid_get": may have mixed case, but should otherwise match: ${DNS_1035}`,
    `spec.names.shortNames[0]: Invalid value: "W": ${DNS_1035}`,
    'spec.names.listKind: Invalid value: "Wid_get": kind and listKind may not be the same',
    `spec.names.categories[0]: Invalid value: "a b": ${DNS_1035}`,
  ],
  "no version to store": [
    version({ storage: false }),
    `spec.versions: Invalid value: ["v1"]: ${ONE_STORED}`,
    "status.storedVersions: Invalid value: null: must have at least one stored version",
  ],
  "a version twice, named as none can be": [
    (object) => {
      const [first] = object.spec.versions;
      object.spec.versions = [
        { ...first, name: "1.0" },
        { ...first, name: "1.0" },
      ];
    },
    `${VERSION}.name: Invalid value: "1.0": ${DNS_1035}`,
    `spec.versions[1].name: Invalid value: "1.0": ${DNS_1035}`,
    'spec.versions: Invalid value: ["1.0","1.0"]: must contain unique version names',
    `spec.versions: Invalid value: ["1.0","1.0"]: ${ONE_STORED}`,
  ],
  "no schema": [version({ schema: undefined }), `${SCHEMA}: Required value: schemas are required`],
  "a warning without a reason": [
    version({ deprecationWarning: "use v2" }),
    `${VERSION}.deprecationWarning: Invalid value: "use v2": can only be set for deprecated versions`,
  ],
  "a warning in two lines": [
    version({ deprecated: true, deprecationWarning: "use\nv2" }),
    `${VERSION}.deprecationWarning: Invalid value: "use\\nv2": must only contain printable UTF-8 characters; ` +
      "non-printable character found at index 3",
  ],
  "unknown fields kept everywhere": [
    spec({ preserveUnknownFields: true }),
    "spec.preserveUnknownFields: Invalid value: true: cannot set to true, set x-kubernetes-preserve-unknown-fields " +
      "to " +
      "true in spec.versions[*].schema instead",
  ],
});

mistakesOnCreate(DEFINITION, {
  "replicas elsewhere": [
    version({
      subresources: {
        scale: {
          specReplicasPath: "spec.size",
          statusReplicasPath: ".spec.size",
          labelSelectorPath: ".labels",
        },
      },
    }),
    `${VERSION}.subresources.scale.specReplicasPath: Invalid value: "spec.size": must be a simple json path starting ` +
      "with .",
    `${VERSION}.subresources.scale.statusReplicasPath: Invalid value: ".spec.size": should be a json path under ` +
      ".status",
    `${VERSION}.subresources.scale.labelSelectorPath: Invalid value: ".labels": should be a json path under either ` +
      ".spec or .status",
  ],
  "columns of nothing": [
    version({ additionalPrinterColumns: [{ name: "", type: "text", format: "long", jsonPath: "spec" }] }),
    `${VERSION}.additionalPrinterColumns[0].name: Required value`,
    `${VERSION}.additionalPrinterColumns[0].type: Invalid value: "text": must be one of ` +
      "boolean,date,integer,number,string",
    `${VERSION}.additionalPrinterColumns[0].format: Invalid value: "long": must be one of ` +
      "byte,date,date-time,double,float,int32,int64,password",
    `${VERSION}.additionalPrinterColumns[0].JSONPath: Invalid value: "spec": must be a simple json path starting ` +
      "with .",
  ],
  "fields to select by that are none": [
    version({ selectableFields: [{ jsonPath: ".spec.none" }, { jsonPath: ".spec" }, { jsonPath: "" }] }),
    `${VERSION}.selectableFields[0].jsonPath: Invalid value: ".spec.none": is an invalid path: does not refer to a ` +
      "valid field",
    `${VERSION}.selectableFields[1].jsonPath: Invalid value: ".spec": must point to a field of type string, boolean ` +
      "or " +
      "integer. Enum string fields and strings with formats are allowed.",
    `${VERSION}.selectableFields[2].jsonPath: Required value`,
  ],
  "a webhook that nobody can call": [
    spec({ conversion: { strategy: "Webhook", webhook: { conversionReviewVersions: ["v2"] } } }),
    "spec.conversion.webhookClientConfig: Required value: required when strategy is set to Webhook",
    'spec.conversion.conversionReviewVersions: Invalid value: ["v2"]: must include at least one of v1, v1beta1',
  ],
  "a webhook over HTTP, with a password": [
    spec({
      conversion: {
        strategy: "Webhook",
        webhook: { conversionReviewVersions: ["v1"], clientConfig: { url: "http://a:b@host/path?q=1" } },
      },
    }),
    "spec.conversion.webhookClientConfig.url: Invalid value: \"http\": 'https' is the only allowed URL scheme; " +
      "desired " +
      "format: https://host[/path]",
    'spec.conversion.webhookClientConfig.url: Invalid value: "a:b": user information is not permitted in the URL',
    'spec.conversion.webhookClientConfig.url: Invalid value: "q=1": query parameters are not permitted in the URL',
  ],
  "a webhook at a service of nowhere": [
    spec({
      conversion: {
        strategy: "Webhook",
        webhook: {
          conversionReviewVersions: ["v1", "v1"],
          clientConfig: { service: { name: "a", path: "b//c" } },
        },
      },
    }),
    "spec.conversion.webhookClientConfig.service.namespace: Required value",
    "spec.conversion.webhookClientConfig.service.path: Invalid value: \"b//c\": must start with a '/'",
    'spec.conversion.webhookClientConfig.service.path: Invalid value: "b//c": segment[0] may not be empty',
    'spec.conversion.webhookClientConfig.service.path: Invalid value: "b//c": segment[1] may not be empty',
    'spec.conversion.conversionReviewVersions[1]: Invalid value: "v1": duplicate version',
  ],
  "a webhook that is not asked for": [
    spec({
      conversion: {
        strategy: "None",
        webhook: { conversionReviewVersions: ["v1"], clientConfig: { url: "https://a" } },
      },
    }),
    "spec.conversion.webhookClientConfig: Forbidden: should not be set when strategy is not set to Webhook",
    "spec.conversion.conversionReviewVersions: Forbidden: should not be set when strategy is not set to Webhook",
  ],
  "a strategy that is none": [
    spec({ conversion: { strategy: "Copy" } }),
    'spec.conversion.strategy: Unsupported value: "Copy": supported values: "None", "Webhook"',
  ],
});

const items = { type: "object", properties: { name: { type: "string" }, more: { type: "object" } } };
mistakesOnCreate(DEFINITION, {
  "a root that is no object": [
    at("spec.versions.0.schema.openAPIV3Schema", { type: "string", properties: undefined }),
    `${SCHEMA}.type: Invalid value: "string": must be object at the root`,
  ],
  "a field without a type": [
    field({ description: "what" }),
    `${A}.type: Required value: must not be empty for specified object fields`,
  ],
  "a type that is none": [
    field({ type: "int" }),
    `${A}.type: Unsupported value: "int": supported values: "array", "boolean", "integer", "number", "object", ` +
      '"string"',
  ],
  "fields and values": [
    field({
      type: "object",
      properties: { b: { type: "string" } },
      additionalProperties: { type: "string" },
    }),
    `${A}.additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive`,
  ],
  "a default in metadata": [
    field(
      { type: "string" },
      { metadata: { type: "object", properties: { name: { type: "string", default: "a" } } } },
    ),
    `${SCHEMA}.properties[metadata].properties[name].default: Forbidden: must not be set in top-level metadata`,
  ],
  "items without their keys": [
    field({ type: "array", [MAP]: "map", items }),
    `${A}.${KEYS}: Required value: must not be empty if ${MAP} is map`,
  ],
  "keys that are no fields, and no scalars": [
    field({ type: "array", [MAP]: "map", [KEYS]: ["id", "more"], items: { ...items, required: ["more"] } }),
    `${A}.${KEYS}: Invalid value: ["id","more"]: entries must all be names of item properties`,
    `${A}.items.properties[more].type: Invalid value: "object": must be a scalar type if parent array's ${MAP} is map`,
  ],
  "a key that may be missing": [
    field({ type: "array", [MAP]: "map", [KEYS]: ["name"], items }),
    `${A}.items.properties[name].default: Required value: this property is in ${KEYS}, so it must have a default or ` +
      "be a required property",
  ],
  "keys of a list that is no map": [
    field({ type: "array", [MAP]: "set", [KEYS]: ["name"], items: { type: "string" } }),
    `${A}.${MAP}: Invalid value: "set": must be map if ${KEYS} is non-empty`,
  ],
  "a list type for what is no list": [
    field({ type: "string", [MAP]: "bag" }),
    `${A}.type: Invalid value: "string": must be array if ${MAP} is specified`,
    `${A}.${MAP}: Unsupported value: "bag": supported values: "atomic", "set", "map"`,
  ],
});

/** As its controller does when it begins to serve the kind. */
const establish = ({ send }: InMemoryServer, path: string) =>
  send(
    "PATCH",
    `${path}/status`,
    { status: { conditions: [{ type: "Established", status: "True" }], storedVersions: ["v1"] } },
    { "content-type": "application/merge-patch+json" },
  );
mistakesOnStatus(DEFINITION, {
  "a name that none can be": [
    (object) => {
      object.status = { acceptedNames: { plural: "Widgets", kind: "Widget" } };
    },
    `status.acceptedNames.plural: Invalid value: "Widgets": ${DNS_1035}`,
  ],
});
mistakesOnUpdate(
  DEFINITION,
  {
    "another scope and kind": [
      (object) => {
        object.spec.scope = "Cluster";
        object.spec.names.kind = "Gadget";
      },
      `spec.scope: Invalid value: "Cluster": ${IMMUTABLE}`,
      `spec.names.kind: Invalid value: "Gadget": ${IMMUTABLE}`,
    ],
    "a version that goes while objects are stored in it": [
      version({ name: "v2" }),
      'status.storedVersions[0]: Invalid value: "v1": missing from spec.versions; v1 was previously a storage ' +
        "version, " +
        "and must remain in spec.versions until a storage migration ensures no data remains persisted in v1 and " +
        "removes v1 from status.storedVersions",
    ],
  },
  establish,
);
