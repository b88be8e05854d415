import { definitionStatus } from "../../api/custom/definition-status.ts";
import { isReason } from "../../api/errors.ts";
import { Informer } from "../../api/informer.ts";
import type { Kind } from "../../api/kind.ts";
import {
  CLEANUP_FINALIZER,
  type CustomResourceDefinition,
  conditionOf,
  customResourceDefinitions,
  withCondition,
} from "../../api/kinds/custom-resource-definition.ts";
import { keyOf } from "../../api/meta.ts";
import { modify } from "../../api/modify.ts";
import type { ControllerContext } from "../controller.ts";
import { KeyedWork } from "../keyed-work.ts";

/** Objects that are held by finalizers are looked at again after this long, then after twice as long, and so on. */
const FIRST_LOOK_MS = 100;
const LONGEST_LOOK_MS = 5_000;

/** The loop of the custom-resource-definition controller. */
export class DefinitionLoop {
  readonly #context: ControllerContext;
  readonly #informer: Informer<CustomResourceDefinition>;
  readonly #work: KeyedWork;
  readonly #nextLookMs = new Map<string, number>();
  #isStopped = false;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#work = new KeyedWork(context, (name) => this.#sync(name));
    this.#informer = new Informer(context.objects, context.clock, customResourceDefinitions, {
      changed: (before, after) => this.#changed(before, after),
    });
  }

  async start(): Promise<void> {
    await this.#informer.start();
  }

  stop(): void {
    this.#isStopped = true;
    this.#informer.stop();
    this.#work.stop();
  }

  #changed(before: CustomResourceDefinition | undefined, after: CustomResourceDefinition | undefined): void {
    if (after !== undefined) {
      if (isCleaning(after)) this.#work.request(after.metadata.name);
      return;
    }
    // Its names are free now.
    for (const other of this.#informer.values()) {
      if (other.spec.group !== before?.spec.group) continue;
      if (conditionOf(other, "NamesAccepted")?.status !== "True") this.#work.request(other.metadata.name);
    }
  }

  async #sync(name: string): Promise<void> {
    const definition = this.#informer.get({ name });
    if (definition === undefined) return;
    if (isCleaning(definition)) await this.#clean(definition);
    else await this.#settleNames(definition);
  }

  async #settleNames(definition: CustomResourceDefinition): Promise<void> {
    const others = [...this.#informer.values()];
    await this.#change(
      definition,
      (now) => ({ ...now, status: definitionStatus(now, others, this.#context.clock.now()) }),
      "status",
    );
  }

  /** Deletes every object of the kind, and lets the definition go when the last one is gone. */
  async #clean(definition: CustomResourceDefinition): Promise<void> {
    const { name } = definition.metadata;
    const kind = this.#kindOf(definition);
    const left = kind === undefined ? 0 : await this.#deleteAll(kind);
    if (left > 0) {
      await this.#say(
        definition,
        "True",
        "InstanceDeletionInProgress",
        "CustomResource deletion is in progress",
      );
      const delayMs = this.#nextLookMs.get(name) ?? FIRST_LOOK_MS;
      this.#nextLookMs.set(name, Math.min(2 * delayMs, LONGEST_LOOK_MS));
      this.#context.clock.after(delayMs, () => {
        if (!this.#isStopped) this.#work.request(name);
      });
      return;
    }
    this.#nextLookMs.delete(name);
    await this.#change(definition, (now) => ({
      ...now,
      metadata: {
        ...now.metadata,
        finalizers: (now.metadata.finalizers ?? []).filter((finalizer) => finalizer !== CLEANUP_FINALIZER),
      },
    }));
  }

  #kindOf({ spec }: CustomResourceDefinition): Kind | undefined {
    const isIt = ({ custom, group, plural }: Kind) =>
      custom !== undefined && group === spec.group && plural === spec.names.plural;
    return this.#context.kinds.resources().find(isIt);
  }

  /** @returns how many objects are still there, as something holds them. */
  async #deleteAll(kind: Kind): Promise<number> {
    const { objects } = this.#context;
    const { items } = await objects.list(kind);
    for (const object of items) {
      if (object.metadata.deletionTimestamp !== undefined) continue;
      try {
        await objects.delete(kind, keyOf(object), { preconditions: { uid: object.metadata.uid } });
      } catch (error) {
        if (!isReason(error, "NotFound") && !isReason(error, "Conflict")) throw error;
      }
    }
    return items.length === 0 ? 0 : (await objects.list(kind)).items.length;
  }

  async #say(
    definition: CustomResourceDefinition,
    status: "True" | "False",
    reason: string,
    message: string,
  ): Promise<void> {
    const condition = { type: "Terminating", status, reason, message };
    await this.#change(
      definition,
      (now) => ({ ...now, status: withCondition(now.status ?? {}, condition, this.#context.clock.now()) }),
      "status",
    );
  }

  async #change(
    definition: CustomResourceDefinition,
    change: (now: CustomResourceDefinition) => CustomResourceDefinition,
    subresource?: "status",
  ): Promise<void> {
    const options = subresource === undefined ? {} : { subresource };
    try {
      await modify(this.#context.objects, customResourceDefinitions, keyOf(definition), change, options);
    } catch (error) {
      if (!isReason(error, "NotFound")) throw error;
    }
  }
}

function isCleaning({ metadata }: CustomResourceDefinition): boolean {
  return metadata.deletionTimestamp !== undefined && (metadata.finalizers ?? []).includes(CLEANUP_FINALIZER);
}
