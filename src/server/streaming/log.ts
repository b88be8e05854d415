import type { LogOptions, LogReader } from "../../api/container-access.ts";
import { type FieldError, invalid } from "../../api/errors.ts";
import { forbidden, invalidValue, NOT_NEGATIVE } from "../../api/field-errors.ts";
import { type Pod, pods } from "../../api/kinds/pod.ts";
import { type Answer, headersFor, type Outlet, text } from "../answer.ts";
import { booleanParameter, type Query, textParameter } from "../query.ts";
import type { VerbContext } from "../verbs/context.ts";
import { keyFor } from "../verbs/read.ts";
import { chooseContainer } from "./pod-container.ts";

const TEXT_HEADERS = headersFor("text/plain");

/** GET of pods/log. Fails with Invalid for bad options, and as ContainerAccess.logs does. */
export async function readLog(context: VerbContext, name: string): Promise<Answer> {
  const options = logOptions(context.query, name, context.clock.now());
  const pod = await context.objects.get<Pod>(pods, keyFor(context, name));
  const container = chooseContainer(pod, textParameter(context.query, "container"));
  // What runs nowhere has said nothing.
  if (pod.spec.nodeName === undefined) return { ...text(200, ""), headers: TEXT_HEADERS };
  if (options.follow) context.watches.checkRoom();
  const reader = context.containers.logs(pod, container, options);
  return { status: 200, headers: TEXT_HEADERS, stream: (outlet) => pour(reader, outlet, context) };
}

/** Writes a log out as fast as its reader takes it, and ends with it, with its client or with the server. */
function pour(reader: LogReader, outlet: Outlet, { watches, onError }: VerbContext): void {
  // The log has not ended, and its reader must not think so.
  const endable = { end: () => outlet.destroy() };
  watches.add(endable);
  const done = () => {
    reader.close();
    watches.delete(endable);
  };
  outlet.onClose(done);
  const step = () => {
    reader.next().then(
      (piece) => {
        if (piece === undefined) {
          done();
          return outlet.end();
        }
        outlet.write(piece);
        outlet.onReady(step);
      },
      (error: unknown) => {
        onError(error);
        outlet.destroy();
      },
    );
  };
  step();
}

/** The rules of ValidatePodLogOptions. */
function logOptions(query: Query, name: string, now: number): LogOptions {
  const errors: FieldError[] = [];
  const tailLines = wholeNumber(query, "tailLines", 0, errors);
  const limitBytes = wholeNumber(query, "limitBytes", 1, errors);
  const sinceSeconds = wholeNumber(query, "sinceSeconds", 1, errors);
  const sinceText = textParameter(query, "sinceTime");
  const sinceTime = sinceText === undefined ? undefined : Date.parse(sinceText);
  if (Number.isNaN(sinceTime)) errors.push(invalidValue("sinceTime", sinceText, "must be an RFC 3339 time"));
  if (sinceSeconds !== undefined && sinceText !== undefined) {
    errors.push(forbidden("", "at most one of `sinceTime` or `sinceSeconds` may be specified"));
  }
  if (errors.length > 0) throw invalid(LOG_OPTIONS, name, errors);
  const sinceMs = sinceSeconds === undefined ? sinceTime : now - sinceSeconds * 1_000;
  return {
    previous: booleanParameter(query, "previous"),
    follow: booleanParameter(query, "follow"),
    timestamps: booleanParameter(query, "timestamps"),
    ...(tailLines !== undefined && { tailLines }),
    ...(limitBytes !== undefined && { limitBytes }),
    ...(sinceMs !== undefined && { sinceMs }),
  };
}

const LOG_OPTIONS = { group: "", kind: "PodLogOptions", plural: "podlogoptions" };

function wholeNumber(query: Query, name: string, least: 0 | 1, errors: FieldError[]): number | undefined {
  const value = textParameter(query, name);
  if (value === undefined) return undefined;
  const number = Number(value);
  if (Number.isSafeInteger(number) && number >= least) return number;
  const rule = least === 0 ? NOT_NEGATIVE : "must be greater than 0";
  errors.push(invalidValue(name, Number.isSafeInteger(number) ? number : value, rule));
  return undefined;
}
