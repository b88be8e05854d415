import { ApiError } from "../../api/errors.ts";
import { type Pod, pods } from "../../api/kinds/pod.ts";
import { keyOf } from "../../api/meta.ts";
import type { Objects } from "../../api/objects.ts";
import type { LogRequest } from "../../client/container-client.ts";
import { chooseContainer, containersOf } from "../choose-container.ts";
import type { CommandContext, CommandRun } from "../command.ts";
import { withContainers } from "../connection.ts";
import { CommandError, UsageError } from "../errors.ts";
import { listAll } from "../list-all.ts";
import { requirePod } from "./require-nodes.ts";

interface Input {
  readonly name?: string;
  readonly selector?: string;
  readonly container?: string;
  readonly allContainers: boolean;
  readonly follow: boolean;
  readonly previous: boolean;
  readonly tail?: number;
  readonly since?: number;
  readonly timestamps: boolean;
  readonly prefix: boolean;
}

/** As many lines as are shown of each container when several pods are asked for. */
const SELECTED_LINES = 10;

export const run: CommandRun = (context, values) => {
  const input = values as unknown as Input;
  if ((input.name === undefined) === (input.selector === undefined)) {
    throw new UsageError("Name one pod, or choose pods with -l", "For example: kubesim pods logs pod-1");
  }
  return withContainers(context, async (containers, objects) => {
    const found = await podsOf(context, objects, input);
    const sources = found.flatMap((pod) =>
      namesOf(context, pod, input).map((container) => ({ pod, container })),
    );
    const isAlone = sources.length === 1;
    const read = ({ pod, container }: (typeof sources)[number]) => {
      const prefix = input.prefix ? `[pod/${pod.metadata.name}/${container}] ` : "";
      const lines = new LineWriter(prefix, isAlone, (piece) => void context.io.stdout.write(piece));
      const request = { container, ...requestOf(input) };
      const reading = containers.log(keyOf(pod), request, (piece) => lines.write(piece), context.signal);
      return reading.then(() => lines.end(), explain);
    };
    if (input.follow) await Promise.all(sources.map(read));
    else for (const source of sources) await read(source);
  });
};

/** A container that has nothing to read is no misunderstanding between client and server. */
function explain(error: unknown): never {
  if (!(error instanceof ApiError) || error.reason !== "BadRequest") throw error;
  throw new CommandError(`There is no log: ${error.message}`, {
    hint: "See what its containers do with: kubesim pods describe",
    reason: error.reason,
  });
}

async function podsOf(
  { globals, io }: CommandContext,
  objects: Objects,
  input: Input,
): Promise<readonly Pod[]> {
  const { namespace } = globals;
  if (input.name !== undefined) return [await requirePod(objects, input.name, namespace)];
  const { items } = await listAll(objects, pods, { namespace, labelSelector: input.selector as string });
  if (items.length === 0) io.note(`No pods in namespace "${namespace}" have these labels`);
  return items;
}

function namesOf({ io }: CommandContext, pod: Pod, input: Input): readonly string[] {
  if (input.allContainers) return containersOf(pod);
  return [chooseContainer(pod, input.container, (line) => io.note(line))];
}

function requestOf({ follow, previous, tail, since, timestamps, selector }: Input): LogRequest {
  const tailLines = tail ?? (selector === undefined ? undefined : SELECTED_LINES);
  return {
    follow,
    previous,
    timestamps,
    ...(tailLines !== undefined && { tailLines }),
    ...(since !== undefined && { sinceSeconds: Math.max(1, Math.ceil(since / 1_000)) }),
  };
}

/** Writes pieces out as they come; where lines of several logs meet, whole lines only. */
class LineWriter {
  readonly #prefix: string;
  readonly #isWhole: boolean;
  readonly #write: (piece: string | Uint8Array) => void;
  #rest = "";

  constructor(prefix: string, isAlone: boolean, write: (piece: string | Uint8Array) => void) {
    this.#prefix = prefix;
    this.#isWhole = !isAlone || prefix !== "";
    this.#write = write;
  }

  write(piece: Uint8Array): void {
    if (!this.#isWhole) {
      this.#write(piece);
      return;
    }
    const lines = (this.#rest + Buffer.from(piece).toString()).split("\n");
    this.#rest = lines.pop() as string;
    this.#write(lines.map((line) => `${this.#prefix}${line}\n`).join(""));
  }

  end(): void {
    if (this.#rest !== "") this.#write(`${this.#prefix}${this.#rest}`);
  }
}
