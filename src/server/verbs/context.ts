import type { ContainerAccess } from "../../api/container-access.ts";
import type { Kind } from "../../api/kind.ts";
import type { Objects } from "../../api/objects.ts";
import type { User } from "../../api/user.ts";
import type { Clock } from "../../clock/clock.ts";
import type { Random } from "../../lib/random.ts";
import type { Callers } from "../authentication/callers.ts";
import type { Authorizer } from "../authorization/authorizer.ts";
import type { Query } from "../query.ts";
import type { ApiRequest } from "../request.ts";
import type { WatchRegistry } from "../watch-registry.ts";

/** What a verb works with: the server's parts, and one request that has been let in. */
export interface VerbContext {
  readonly objects: Objects;
  readonly clock: Clock;
  /** What connections live by; another one where the cluster's time can be held. */
  readonly wireClock: Clock;
  readonly random: Random;
  readonly watches: WatchRegistry;
  readonly containers: ContainerAccess;
  readonly authorizer: Authorizer;
  readonly callers: Callers;
  /** Whom a token is for when nobody says otherwise. */
  readonly audience: string;
  /** Who makes the request; `objects` lets them do no more than they may. */
  readonly user: User;
  /** Told about defects that show when an answer is already on its way. */
  readonly onError: (error: unknown) => void;
  readonly request: ApiRequest;
  readonly query: Query;
  readonly kind: Kind;
  readonly namespace: string | undefined;
}
