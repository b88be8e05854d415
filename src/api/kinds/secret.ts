import type { FieldError } from "../errors.ts";
import { IMMUTABLE, invalidValue, requiredValue, tooLong } from "../field-errors.ts";
import type { Kind } from "../kind.ts";
import type { KubeObject } from "../meta.ts";
import { validateMetadata } from "../metadata-validation.ts";
import { AGE, NAME, textColumn } from "./columns.ts";
import { checkDataKeys, checkImmutable, DATA_BYTES, decodedBytes } from "./data-validation.ts";
import { countColumn } from "./workload-columns.ts";

/** v1 Secret: bytes (in base64) by key. `stringData` is taken into `data` on the way in and never read back. */
export interface Secret extends KubeObject {
  readonly type: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly stringData?: Readonly<Record<string, string>>;
  readonly immutable?: boolean;
}

export const secrets: Kind<Secret> = {
  group: "",
  version: "v1",
  kind: "Secret",
  plural: "secrets",
  singular: "secret",
  shortNames: [],
  categories: [],
  namespaced: true,
  schema: "io.k8s.api.core.v1.Secret",
  statusSubresource: false,
  columns: [
    NAME,
    textColumn("Type", "What it is for.", ({ type }: Secret) => type),
    countColumn("Data", "How many keys it has.", ({ data = {} }: Secret) => Object.keys(data).length),
    AGE,
  ],
  selectableFields: { type: ({ type }) => type },
  setDefaults: setSecretDefaults,
  validate: validateSecret,
};

function setSecretDefaults(secret: Secret): Secret {
  if (secret.type && secret.stringData === undefined) return secret;
  const { stringData, ...kept } = secret;
  const type = kept.type || "Opaque";
  if (stringData === undefined) return { ...kept, type };
  const added = Object.entries(stringData).map(
    ([key, text]) => [key, Buffer.from(text, "utf8").toString("base64")] as const,
  );
  // fromEntries defines own properties, so that no key reaches a prototype.
  return { ...kept, type, data: { ...kept.data, ...Object.fromEntries(added) } };
}

function validateSecret(secret: Secret, old: Secret | undefined): readonly FieldError[] {
  const errors = validateMetadata(secret.metadata, old?.metadata);
  if (old !== undefined && secret.type !== old.type) {
    errors.push(invalidValue("type", secret.type, IMMUTABLE));
  }
  checkImmutable(secret, old, ["data"], errors);
  const { data = {} } = secret;
  checkDataKeys("data", data, errors);
  const bytes = Object.values(data).reduce((sum, text) => sum + decodedBytes(text), 0);
  if (bytes > DATA_BYTES) errors.push(tooLong("data", DATA_BYTES));
  checkType(secret, errors);
  return errors;
}

const SERVICE_ACCOUNT = "kubernetes.io/service-account.name";

/** What a secret of each of Kubernetes' types must have (ValidateSecret of pkg/apis/core/validation). */
function checkType({ type, metadata, data = {} }: Secret, errors: FieldError[]): void {
  const lacks = (key: string) => !Object.hasOwn(data, key);
  const refuseWithout = (key: string) => errors.push(requiredValue(`data[${key}]`));
  switch (type) {
    case "kubernetes.io/service-account-token":
      if (!metadata.annotations?.[SERVICE_ACCOUNT]) {
        errors.push(requiredValue(`metadata.annotations[${SERVICE_ACCOUNT}]`));
      }
      break;
    case "kubernetes.io/dockercfg":
      checkJson(".dockercfg", data, errors);
      break;
    case "kubernetes.io/dockerconfigjson":
      checkJson(".dockerconfigjson", data, errors);
      break;
    case "kubernetes.io/basic-auth":
      if (lacks("username") && lacks("password")) {
        refuseWithout("username");
        refuseWithout("password");
      }
      break;
    case "kubernetes.io/ssh-auth":
      if (!data["ssh-privatekey"]) refuseWithout("ssh-privatekey");
      break;
    case "kubernetes.io/tls":
      for (const key of ["tls.crt", "tls.key"]) if (lacks(key)) refuseWithout(key);
      break;
    default:
  }
}

function checkJson(key: string, data: NonNullable<Secret["data"]>, errors: FieldError[]): void {
  if (!Object.hasOwn(data, key)) {
    errors.push(requiredValue(`data[${key}]`));
    return;
  }
  const text = Buffer.from(data[key] as string, "base64").toString();
  try {
    JSON.parse(text);
  } catch {
    errors.push(invalidValue(`data[${key}]`, "<secret contents redacted>", "invalid character in JSON"));
  }
}
