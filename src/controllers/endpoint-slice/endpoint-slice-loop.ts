import { isReason } from "../../api/errors.ts";
import { type EndpointSlice, endpointSlices } from "../../api/kinds/endpoint-slice.ts";
import { isFinished, type Pod } from "../../api/kinds/pod.ts";
import { type Service, services } from "../../api/kinds/service.ts";
import type { LabelSelector } from "../../api/label-selector.ts";
import { keyOf, keyText } from "../../api/meta.ts";
import { controllerReference } from "../../api/owner-references.ts";
import { EndpointLabel, MANAGER } from "../../api/well-known-endpoints.ts";
import type { Timer } from "../../clock/clock.ts";
import type { ControllerContext } from "../controller.ts";
import { KeyedWork } from "../keyed-work.ts";
import { SelectedPods } from "../selected-pods.ts";
import { isReady } from "../workloads/pod-readiness.ts";
import { type Contents, planSlices } from "./slices.ts";

/** Changes of a service's pods are gathered for this long, so that a thousand new pods are not a thousand writes. */
const GATHER_MS = 50;
const HEADLESS = "service.kubernetes.io/headless";

/** The loop of the endpoint-slice controller. */
export class EndpointSliceLoop {
  readonly #context: ControllerContext;
  readonly #work: KeyedWork;
  readonly #members: SelectedPods<Service>;
  /** The slices of each service by name, own writes included that the local copy may not have yet. */
  readonly #slices = new Map<string, Map<string, EndpointSlice>>();
  readonly #gathering = new Map<string, Timer>();
  readonly #leave: (() => void)[] = [];

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#work = new KeyedWork(context, (key) => this.#sync(key));
    this.#members = new SelectedPods({
      allPods: () => context.view.pods.values(),
      selectorOf,
      counts: (pod) => pod.status.podIP !== undefined && !isFinished(pod),
      looksSame,
    });
  }

  async start(): Promise<void> {
    const { view } = this.#context;
    const slices = await view.follow(endpointSlices);
    const known = await view.follow(services);
    this.#leave.push(
      slices.join({ changed: (before, after) => this.#sliceChanged(before, after) }),
      known.join({
        changed: (before, after) => {
          this.#members.ownerChanged(before, after);
          if (after !== undefined && before?.spec !== after.spec) this.#request(keyText(keyOf(after)));
        },
      }),
      view.pods.join({
        changed: (before, after) => {
          for (const key of this.#members.podChanged(before, after)) this.#request(key);
        },
      }),
    );
  }

  stop(): void {
    for (const leave of this.#leave) leave();
    for (const timer of this.#gathering.values()) timer.cancel();
    this.#work.stop();
  }

  #request(key: string): void {
    if (this.#gathering.has(key)) return;
    const timer = this.#context.clock.after(GATHER_MS, () => {
      this.#gathering.delete(key);
      this.#work.request(key);
    });
    this.#gathering.set(key, timer);
  }

  #sliceChanged(before: EndpointSlice | undefined, after: EndpointSlice | undefined): void {
    const slice = (after ?? before) as EndpointSlice;
    const key = serviceOf(slice);
    if (key === undefined) return;
    if (after === undefined) {
      if (this.#slices.get(key)?.delete(slice.metadata.name)) this.#request(key);
    } else {
      const own = this.#slices.get(key)?.get(after.metadata.name);
      if (own === undefined || version(own) < version(after)) {
        this.#remember(key, after);
        // Somebody else wrote it: put it right.
        if (own !== undefined) this.#request(key);
      }
    }
  }

  #remember(key: string, slice: EndpointSlice): void {
    const known = this.#slices.get(key);
    if (known === undefined) this.#slices.set(key, new Map([[slice.metadata.name, slice]]));
    else known.set(slice.metadata.name, slice);
  }

  async #sync(key: string): Promise<void> {
    const found = this.#members.of(key);
    if (found === undefined || found.owner.metadata.deletionTimestamp !== undefined) return;
    const { objects } = this.#context;
    const { owner: service, pods } = found;
    const plan = planSlices(service, pods, [...(this.#slices.get(key)?.values() ?? [])]);
    try {
      for (const contents of plan.create) {
        this.#remember(key, await objects.create(endpointSlices, newSlice(service, contents)));
      }
      for (const { slice, contents } of plan.update) {
        this.#remember(key, await objects.update(endpointSlices, { ...slice, ...contents }));
      }
      for (const slice of plan.remove) {
        this.#slices.get(key)?.delete(slice.metadata.name);
        await objects.delete(endpointSlices, keyOf(slice));
      }
    } catch (error) {
      // The slice or the namespace is gone, or somebody else wrote: the local copy is about to say so.
      const isExpected = (["NotFound", "Conflict", "Forbidden"] as const).some((one) => isReason(error, one));
      if (!isExpected) throw error;
      this.#request(key);
    }
  }
}

function selectorOf({ spec }: Service): LabelSelector | undefined {
  const { type, selector = {} } = spec;
  return type === "ExternalName" || Object.keys(selector).length === 0
    ? undefined
    : { matchLabels: selector };
}

function looksSame(before: Pod, after: Pod): boolean {
  const isPlaceSame =
    before.status.podIP === after.status.podIP && before.spec.nodeName === after.spec.nodeName;
  return isPlaceSame && isReady(before) === isReady(after);
}

function newSlice(service: Service, contents: Contents): EndpointSlice {
  const { name, namespace, labels } = service.metadata;
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      generateName: `${name}-`,
      namespace,
      labels: {
        ...labels,
        ...(service.spec.clusterIP === "None" && { [HEADLESS]: "" }),
        [EndpointLabel.sliceManagedBy]: MANAGER.slices,
        [EndpointLabel.serviceName]: name,
      },
      ownerReferences: [controllerReference(services, service)],
    },
    addressType: "IPv4",
    ...contents,
  } as unknown as EndpointSlice;
}

function serviceOf({ metadata }: EndpointSlice): string | undefined {
  const { labels, namespace } = metadata;
  const name = labels?.[EndpointLabel.serviceName];
  if (
    labels?.[EndpointLabel.sliceManagedBy] !== MANAGER.slices ||
    name === undefined ||
    namespace === undefined
  )
    return undefined;
  return keyText({ namespace, name });
}

function version({ metadata }: EndpointSlice): number {
  return Number(metadata.resourceVersion);
}
