import type { EventRecorder } from "../../api/event-recorder.ts";
import type { Objects } from "../../api/objects.ts";
import type { TimingProfile } from "../../api/timing-profiles.ts";
import type { Clock } from "../../clock/clock.ts";
import type { Random } from "../../lib/random.ts";
import type { ShellHost } from "../shell-host.ts";
import type { AddressPool } from "./addresses.ts";

/** What all simulated machines share. */
export interface Host {
  readonly objects: Objects;
  readonly clock: Clock;
  readonly random: Random;
  readonly recorder: EventRecorder;
  readonly addresses: AddressPool;
  readonly openShells?: () => Promise<ShellHost>;
  /** False: pods start though ConfigMaps and Secrets are not there. */
  readonly checksReferences: boolean;
  readonly onError: (error: unknown) => void;
  /** The timing profile in force. */
  profile(): TimingProfile;
  /** False once the agent has been stopped: nothing is written any more. */
  isRunning(): boolean;
}
