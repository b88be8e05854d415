import type { FieldError } from "../errors.ts";
import { forbidden, invalidValue, NOT_NEGATIVE, notSupported, requiredValue } from "../field-errors.ts";
import type { Container, Probe } from "./pod.ts";

const PROBES = ["livenessProbe", "readinessProbe", "startupProbe"] as const;
const COUNTS = [
  "initialDelaySeconds",
  "timeoutSeconds",
  "periodSeconds",
  "successThreshold",
  "failureThreshold",
] as const;
const SCHEMES = ["HTTP", "HTTPS"];
const PORT_RANGE = "must be between 1 and 65535, inclusive";

/** What a probe or hook does, as far as it is checked. */
interface Handler {
  readonly exec?: { readonly command?: readonly string[] };
  readonly httpGet?: { readonly path?: string; readonly port?: number | string; readonly scheme?: string };
  readonly tcpSocket?: { readonly port?: number | string };
  readonly grpc?: { readonly port?: number };
  readonly sleep?: object;
}

/** Probes and hooks of a container (pkg/apis/core/validation, validateProbe and validateHandler). */
export function checkProbes(
  field: string,
  container: Container,
  isPlainInit: boolean,
  errors: FieldError[],
): void {
  const { lifecycle } = container;
  for (const hook of ["postStart", "preStop"] as const) {
    const handler = lifecycle?.[hook];
    if (handler !== undefined && !isPlainInit) checkHandler(`${field}.lifecycle.${hook}`, handler, errors);
  }
  if (isPlainInit && lifecycle !== undefined) errors.push(notForInit(`${field}.lifecycle`));
  for (const name of PROBES) {
    const probe = container[name];
    if (probe === undefined) continue;
    if (isPlainInit) errors.push(notForInit(`${field}.${name}`));
    else checkProbe(`${field}.${name}`, name, probe, errors);
  }
}

function notForInit(field: string): FieldError {
  return forbidden(field, "may not be set for init containers without restartPolicy=Always");
}

function checkProbe(field: string, name: (typeof PROBES)[number], probe: Probe, errors: FieldError[]): void {
  checkHandler(field, probe, errors);
  for (const count of COUNTS) {
    const value = probe[count];
    if (value !== undefined && value < 0) errors.push(invalidValue(`${field}.${count}`, value, NOT_NEGATIVE));
  }
  const { terminationGracePeriodSeconds: grace, successThreshold = 1 } = probe;
  if (grace !== undefined && grace <= 0) {
    errors.push(invalidValue(`${field}.terminationGracePeriodSeconds`, grace, "must be greater than 0"));
  }
  if (name === "readinessProbe") {
    if (grace === undefined) return;
    const detail = "must not be set for readinessProbes";
    errors.push(invalidValue(`${field}.terminationGracePeriodSeconds`, grace, detail));
  } else if (successThreshold !== 1) {
    errors.push(invalidValue(`${field}.successThreshold`, successThreshold, "must be 1"));
  }
}

function checkHandler(field: string, handler: object, errors: FieldError[]): void {
  const { exec, httpGet, tcpSocket, grpc, sleep } = handler as Handler;
  const given = Object.entries({ exec, httpGet, tcpSocket, grpc, sleep }).filter(
    ([, it]) => it !== undefined,
  );
  for (const [extra] of given.slice(1)) {
    errors.push(forbidden(`${field}.${extra}`, "may not specify more than 1 handler type"));
  }
  switch (given[0]?.[0]) {
    case undefined:
      errors.push(requiredValue(field, "must specify a handler type"));
      return;
    case "exec":
      if (!exec?.command?.length) errors.push(requiredValue(`${field}.exec.command`));
      return;
    case "httpGet":
      if (!httpGet?.path) errors.push(requiredValue(`${field}.httpGet.path`));
      checkPort(`${field}.httpGet.port`, httpGet?.port, errors);
      if (httpGet?.scheme !== undefined && !SCHEMES.includes(httpGet.scheme)) {
        errors.push(notSupported(`${field}.httpGet.scheme`, httpGet.scheme, SCHEMES));
      }
      return;
    case "tcpSocket":
      checkPort(`${field}.tcpSocket.port`, tcpSocket?.port, errors);
      return;
    case "grpc":
      checkPort(`${field}.grpc.port`, grpc?.port, errors);
  }
}

/** Names of ports are not looked up: nothing is probed. */
function checkPort(field: string, port: number | string = 0, errors: FieldError[]): void {
  if (typeof port === "number" && (port < 1 || port > 65_535))
    errors.push(invalidValue(field, port, PORT_RANGE));
}
