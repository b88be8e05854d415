import { deepEqual } from "../../api/deep-equal.ts";
import { isReason } from "../../api/errors.ts";
import { type EndpointSlice, endpointSlices } from "../../api/kinds/endpoint-slice.ts";
import { type Endpoints, endpoints } from "../../api/kinds/endpoints.ts";
import { type Service, services } from "../../api/kinds/service.ts";
import { keyText, type ObjectKey } from "../../api/meta.ts";
import { controllerReference } from "../../api/owner-references.ts";
import { EndpointLabel, MANAGER } from "../../api/well-known-endpoints.ts";
import type { ControllerContext } from "../controller.ts";
import { KeyedWork } from "../keyed-work.ts";
import type { SharedInformer } from "../shared-informer.ts";
import { subsetsOf } from "./subsets.ts";

/** The loop of the endpoints controller: one object for the slices of each service. */
export class EndpointsLoop {
  readonly #context: ControllerContext;
  readonly #work: KeyedWork;
  readonly #keys = new Map<string, ObjectKey>();
  readonly #slices = new Map<string, Map<string, EndpointSlice>>();
  readonly #leave: (() => void)[] = [];
  #services: SharedInformer<Service> | undefined;
  #known: SharedInformer<Endpoints> | undefined;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#work = new KeyedWork(context, (key) => this.#sync(this.#keys.get(key) as ObjectKey));
  }

  async start(): Promise<void> {
    const { view } = this.#context;
    this.#services = await view.follow(services);
    this.#known = await view.follow(endpoints);
    const slices = await view.follow(endpointSlices);
    this.#leave.push(slices.join({ changed: (before, after) => this.#sliceChanged(before, after) }));
  }

  stop(): void {
    for (const leave of this.#leave) leave();
    this.#work.stop();
  }

  #sliceChanged(before: EndpointSlice | undefined, after: EndpointSlice | undefined): void {
    const { metadata } = (after ?? before) as EndpointSlice;
    const { labels, namespace } = metadata;
    const name = labels?.[EndpointLabel.serviceName];
    if (name === undefined || namespace === undefined) return;
    // What mirrors Endpoints is not turned back into them.
    if (labels?.[EndpointLabel.sliceManagedBy] === MANAGER.mirroring) return;
    const key = keyText({ namespace, name });
    const known = this.#slices.get(key) ?? new Map<string, EndpointSlice>();
    if (after === undefined) known.delete(metadata.name);
    else known.set(metadata.name, after);
    if (known.size === 0) this.#slices.delete(key);
    else this.#slices.set(key, known);
    this.#keys.set(key, { namespace, name });
    this.#work.request(key);
  }

  async #sync(key: ObjectKey): Promise<void> {
    const { objects } = this.#context;
    const service = this.#services?.get(key);
    const slices = this.#slices.get(keyText(key));
    // Without a service the garbage collector takes it away.
    if (service === undefined || slices === undefined) {
      this.#keys.delete(keyText(key));
      return;
    }
    const subsets = subsetsOf([...slices.values()]);
    const known = this.#known?.get(key);
    try {
      if (known === undefined) await objects.create(endpoints, newEndpoints(service, subsets));
      else if (
        known.metadata.labels?.[EndpointLabel.managedBy] === MANAGER.endpoints &&
        !deepEqual(known.subsets ?? [], subsets)
      ) {
        await objects.update<Endpoints>(endpoints, { ...known, subsets });
      }
    } catch (error) {
      const isStale = isReason(error, "Conflict") || isReason(error, "AlreadyExists");
      // The local copy is about to say what stands there; a namespace that ends, or a service that went, ends this too.
      if (isStale) return this.#again(key);
      if (!isReason(error, "NotFound") && !isReason(error, "Forbidden")) throw error;
    }
  }

  async #again(key: ObjectKey): Promise<void> {
    const now = await this.#context.objects.get(endpoints, key).catch(() => undefined);
    const slices = this.#slices.get(keyText(key));
    if (
      now === undefined ||
      slices === undefined ||
      now.metadata.labels?.[EndpointLabel.managedBy] !== MANAGER.endpoints
    )
      return;
    const subsets = subsetsOf([...slices.values()]);
    if (!deepEqual(now.subsets ?? [], subsets)) {
      await this.#context.objects.update<Endpoints>(endpoints, { ...now, subsets });
    }
  }
}

function newEndpoints(service: Service, subsets: Endpoints["subsets"]): Endpoints {
  const { name, namespace, labels } = service.metadata;
  return {
    apiVersion: "v1",
    kind: "Endpoints",
    metadata: {
      name,
      namespace,
      labels: { ...labels, [EndpointLabel.managedBy]: MANAGER.endpoints },
      ownerReferences: [controllerReference(services, service)],
    },
    subsets,
  } as unknown as Endpoints;
}
