import type { FieldError } from "../errors.ts";
import { invalidValue, NOT_NEGATIVE } from "../field-errors.ts";
import type { Kind } from "../kind.ts";
import { type KubeObject, microTimestamp } from "../meta.ts";
import { validateMetadata } from "../metadata-validation.ts";
import { Annotation } from "../well-known.ts";
import { AGE, NAME, textColumn } from "./columns.ts";

export interface Lease extends KubeObject {
  readonly spec: {
    readonly holderIdentity?: string;
    readonly leaseDurationSeconds?: number;
    readonly acquireTime?: string;
    readonly renewTime?: string;
    readonly leaseTransitions?: number;
  };
}

export const leases: Kind<Lease> = {
  group: "coordination.k8s.io",
  version: "v1",
  kind: "Lease",
  plural: "leases",
  singular: "lease",
  shortNames: [],
  categories: [],
  namespaced: true,
  schema: "io.k8s.api.coordination.v1.Lease",
  statusSubresource: false,
  putNamesVersion: true,
  columns: [
    NAME,
    textColumn("Holder", "Who holds the lease.", (lease: Lease) => lease.spec.holderIdentity ?? ""),
    AGE,
  ],
  selectableFields: {},
  setDefaults: (lease) => (lease.spec === undefined ? { ...lease, spec: {} } : lease),
  validate: validateLease,
  present: presentRenewal,
};

/**
 * The period in ms at which a well agent renews this Lease without writing it, or undefined for an ordinary Lease.
 *
 * A simulated agent writes its Lease twice: with the annotation when it starts to renew, and without it, carrying the
 * last renewal it made, when it stops. Between the two nothing is written; readers see the renewal that falls due.
 */
export function renewalPeriodMs(lease: Lease): number | undefined {
  const text = lease.metadata.annotations?.[Annotation.renewsEvery];
  const periodMs = text === undefined ? Number.NaN : Number(text);
  return periodMs > 0 ? periodMs : undefined;
}

/** The last renewal at `now`: stored renewTime plus whole periods, or just the stored one. */
export function lastRenewalMs(lease: Lease, now: number): number | undefined {
  const { renewTime } = lease.spec;
  if (renewTime === undefined) return undefined;
  const writtenMs = Date.parse(renewTime);
  const periodMs = renewalPeriodMs(lease);
  if (periodMs === undefined || now <= writtenMs) return writtenMs;
  return writtenMs + Math.floor((now - writtenMs) / periodMs) * periodMs;
}

function validateLease(lease: Lease, old: Lease | undefined): readonly FieldError[] {
  const errors = validateMetadata(lease.metadata, old?.metadata);
  const { leaseDurationSeconds, leaseTransitions } = lease.spec;
  if (leaseDurationSeconds !== undefined && leaseDurationSeconds <= 0) {
    errors.push(invalidValue("spec.leaseDurationSeconds", leaseDurationSeconds, "must be greater than 0"));
  }
  if (leaseTransitions !== undefined && leaseTransitions < 0) {
    errors.push(invalidValue("spec.leaseTransitions", leaseTransitions, NOT_NEGATIVE));
  }
  return errors;
}

function presentRenewal(lease: Lease, now: number): Lease {
  if (renewalPeriodMs(lease) === undefined) return lease;
  const renewalMs = lastRenewalMs(lease, now) as number;
  return { ...lease, spec: { ...lease.spec, renewTime: microTimestamp(renewalMs) } };
}
