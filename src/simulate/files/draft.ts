import type { Kind } from "../../api/kind.ts";
import type { Draft, KubeObject } from "../../api/meta.ts";

/** An object of a file, ready to be created. */
export interface LoadedDraft {
  readonly kind: Kind;
  readonly draft: Draft<KubeObject>;
  /** File and line it came from, for messages. */
  readonly file: string;
  readonly line: number;
}
