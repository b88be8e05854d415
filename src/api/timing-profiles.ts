/** How fast the cluster notices and reacts. One name switches all of it; `status` says which is in force. */
export interface TimingProfile {
  readonly name: string;
  readonly summary: string;
  /** Agents renew their Lease this often. */
  readonly heartbeatMs: number;
  /** A node whose last renewal is older than this is not ready. */
  readonly graceMs: number;
  /** A node that never renewed gets this long. */
  readonly startupGraceMs: number;
  /** The node-health controller looks this often. */
  readonly checkMs: number;
  /** tolerationSeconds that admission gives pods for not-ready and unreachable (DefaultTolerationSeconds). */
  readonly defaultTolerationSeconds: number;
  /** Zone-aware, rate-limited eviction as in kube-controller-manager; else every lost node is tainted at once. */
  readonly zoneLimits: boolean;
  /** Bare pods of a lost node are re-created and scheduled again (Kubernetes would leave them deleted). */
  readonly reschedulesBarePods: boolean;
}

export const TIMING_PROFILES = {
  fast: {
    name: "fast",
    summary: "heartbeat 1 s, grace 4 s, check 1 s, eviction at once",
    heartbeatMs: 1_000,
    graceMs: 4_000,
    startupGraceMs: 10_000,
    checkMs: 1_000,
    defaultTolerationSeconds: 0,
    zoneLimits: false,
    reschedulesBarePods: true,
  },
  classic: {
    name: "classic",
    summary: "heartbeat 5 s, grace 15 s, check 5 s, eviction at once",
    heartbeatMs: 5_000,
    graceMs: 15_000,
    startupGraceMs: 30_000,
    checkMs: 5_000,
    defaultTolerationSeconds: 0,
    zoneLimits: false,
    reschedulesBarePods: true,
  },
  kubernetes: {
    name: "kubernetes",
    summary: "lease 10 s, grace 50 s, check 5 s, taints, 300 s tolerations, zone limits",
    heartbeatMs: 10_000,
    graceMs: 50_000,
    startupGraceMs: 60_000,
    checkMs: 5_000,
    defaultTolerationSeconds: 300,
    zoneLimits: true,
    reschedulesBarePods: false,
  },
} as const satisfies Record<string, TimingProfile>;

export type TimingProfileName = keyof typeof TIMING_PROFILES;
export const DEFAULT_TIMING_PROFILE: TimingProfileName = "fast";
