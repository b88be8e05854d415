import type { Container, Pod } from "../../../api/kinds/pod.ts";
import type { Objects } from "../../../api/objects.ts";
import {
  configMapEntries,
  fieldOfPod,
  type ResourceReference,
  resourceOf,
  secretEntries,
} from "./references.ts";

interface KeySelector {
  readonly name?: string;
  readonly key?: string;
}

/** v1.EnvVarSource. */
interface ValueSource {
  readonly fieldRef?: { readonly fieldPath?: string };
  readonly resourceFieldRef?: ResourceReference;
  readonly configMapKeyRef?: KeySelector;
  readonly secretKeyRef?: KeySelector;
}

/** A container's own variables: `envFrom`, then `env` with its references and `$(NAME)` filled in. */
export async function environmentOf(
  objects: Objects,
  pod: Pod,
  container: Container,
): Promise<Record<string, string>> {
  const { namespace = "default" } = pod.metadata;
  const env: Record<string, string> = {};
  for (const { prefix = "", configMapRef, secretRef } of container.envFrom ?? []) {
    const entries =
      configMapRef?.name !== undefined
        ? await configMapEntries(objects, namespace, configMapRef.name)
        : await secretEntries(objects, namespace, secretRef?.name ?? "");
    for (const [key, value] of Object.entries(entries)) env[`${prefix}${key}`] = value.toString("utf8");
  }
  for (const { name, value, valueFrom } of container.env ?? []) {
    env[name] =
      valueFrom === undefined
        ? expand(value ?? "", env)
        : await referredValue(objects, pod, container, valueFrom as ValueSource);
  }
  return env;
}

async function referredValue(
  objects: Objects,
  pod: Pod,
  container: Container,
  source: ValueSource,
): Promise<string> {
  const { namespace = "default" } = pod.metadata;
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = source;
  if (fieldRef !== undefined) return fieldOfPod(pod, fieldRef.fieldPath ?? "");
  if (resourceFieldRef !== undefined) return resourceOf(pod, container, resourceFieldRef);
  const { name = "", key = "" } = configMapKeyRef ?? secretKeyRef ?? {};
  const read = configMapKeyRef === undefined ? secretEntries : configMapEntries;
  return (await read(objects, namespace, name))[key]?.toString("utf8") ?? "";
}

/** `$(NAME)` stands for a variable before this one, `$$` for a dollar sign; of no such variable it stays as it is. */
export function expand(value: string, env: Readonly<Record<string, string>>): string {
  return value.replace(/\$\$|\$\(([^)]*)\)/g, (whole, name: string | undefined) =>
    name === undefined ? "$" : (env[name] ?? whole),
  );
}
