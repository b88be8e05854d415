import { parseQuantity } from "../quantity.ts";
import type { Container, PodSpec } from "./pod.ts";

export type QosClass = "Guaranteed" | "Burstable" | "BestEffort";

const COMPUTE = ["cpu", "memory"] as const;

/** Quality of service as the kubelet ranks pods (component-helpers, GetPodQOS): only cpu and memory count. */
export function qosClassOf(spec: PodSpec): QosClass {
  let any = false;
  let guaranteed = true;
  for (const container of spec.containers) {
    any ||= asksForAnything(container);
    guaranteed &&= isGuaranteed(container);
  }
  for (const container of spec.initContainers ?? []) {
    any ||= asksForAnything(container);
    guaranteed &&= isGuaranteed(container);
  }
  if (!any) return "BestEffort";
  return guaranteed ? "Guaranteed" : "Burstable";
}

function asksForAnything({ resources }: Container): boolean {
  return COMPUTE.some(
    (name) => isPositive(resources?.requests?.[name]) || isPositive(resources?.limits?.[name]),
  );
}

function isGuaranteed({ resources }: Container): boolean {
  return COMPUTE.every((name) => {
    const limit = resources?.limits?.[name];
    const request = resources?.requests?.[name] ?? limit;
    return (
      isPositive(limit) && (request === limit || parseQuantity(request ?? "") === parseQuantity(limit ?? ""))
    );
  });
}

function isPositive(quantityText: string | undefined): boolean {
  return quantityText !== undefined && (parseQuantity(quantityText) ?? 0) > 0;
}
