import type { FieldError } from "../errors.ts";
import { forbidden, invalidValue, NOT_NEGATIVE, notSupported, requiredValue } from "../field-errors.ts";
import { checkPortNumber, checkPortNumberOrName } from "./container-ports-validation.ts";
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
const HEADER = /^[-A-Za-z0-9]+$/;
const HEADER_FAULT =
  "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for " +
  "validation is '[-A-Za-z0-9]+')";

/** What a probe or hook does, as far as it is checked. */
interface Handler {
  readonly exec?: { readonly command?: readonly string[] };
  readonly httpGet?: HttpGet;
  readonly tcpSocket?: { readonly port?: number | string };
  readonly grpc?: { readonly port?: number };
  readonly sleep?: { readonly seconds?: number };
}

/** A path that is not given is `/`. */
interface HttpGet {
  readonly port?: number | string;
  readonly scheme?: string;
  readonly httpHeaders?: readonly { readonly name?: string }[];
}

/** Probes and hooks of a container (pkg/apis/core/validation, validateProbe and validateHandler). */
export function checkProbes(
  field: string,
  container: Container,
  graceSeconds: number | undefined,
  errors: FieldError[],
): void {
  const { lifecycle } = container;
  for (const hook of ["postStart", "preStop"] as const) {
    const handler = lifecycle?.[hook];
    if (handler !== undefined) checkHandler(`${field}.lifecycle.${hook}`, handler, graceSeconds, errors);
  }
  for (const name of PROBES) {
    const probe = container[name];
    if (probe !== undefined) checkProbe(`${field}.${name}`, name, probe, errors);
  }
}

function checkProbe(field: string, name: (typeof PROBES)[number], probe: Probe, errors: FieldError[]): void {
  checkHandler(field, probe, undefined, errors);
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

/** What the first kind of handler says is looked at; there must be no second one. */
function checkHandler(
  field: string,
  handler: object,
  graceSeconds: number | undefined,
  errors: FieldError[],
): void {
  const { exec, httpGet, tcpSocket, grpc, sleep } = handler as Handler;
  const given = Object.entries({ exec, httpGet, tcpSocket, grpc, sleep }).filter(
    ([, it]) => it !== undefined,
  );
  switch (given[0]?.[0]) {
    case undefined:
      errors.push(requiredValue(field, "must specify a handler type"));
      return;
    case "exec":
      if (!exec?.command?.length) errors.push(requiredValue(`${field}.exec.command`));
      break;
    case "httpGet":
      checkHttpGet(`${field}.httpGet`, httpGet as HttpGet, errors);
      break;
    case "tcpSocket":
      checkPortNumberOrName(`${field}.tcpSocket.port`, tcpSocket?.port, errors);
      break;
    case "grpc":
      checkPortNumber(`${field}.grpc.port`, grpc?.port ?? 0, errors);
      break;
    default:
      checkSleep(`${field}.sleep`, sleep?.seconds ?? 0, graceSeconds, errors);
  }
  for (const [extra] of given.slice(1)) {
    errors.push(forbidden(`${field}.${extra}`, "may not specify more than 1 handler type"));
  }
}

function checkHttpGet(
  field: string,
  { port, scheme = "HTTP", httpHeaders = [] }: HttpGet,
  errors: FieldError[],
): void {
  checkPortNumberOrName(`${field}.port`, port, errors);
  if (!SCHEMES.includes(scheme)) errors.push(notSupported(`${field}.scheme`, scheme, SCHEMES));
  for (const { name = "" } of httpHeaders) {
    if (!HEADER.test(name)) errors.push(invalidValue(`${field}.httpHeaders`, name, HEADER_FAULT));
  }
}

function checkSleep(
  field: string,
  seconds: number,
  graceSeconds: number | undefined,
  errors: FieldError[],
): void {
  if (graceSeconds === undefined || (seconds >= 0 && seconds <= graceSeconds)) return;
  const detail = `must be non-negative and less than terminationGracePeriodSeconds (${graceSeconds})`;
  errors.push(invalidValue(field, seconds, detail));
}
