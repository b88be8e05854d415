import { deepEqual } from "../../api/deep-equal.ts";
import { isReason } from "../../api/errors.ts";
import { type EndpointSlice, endpointSlices } from "../../api/kinds/endpoint-slice.ts";
import { type Endpoints, endpoints } from "../../api/kinds/endpoints.ts";
import { type Service, services } from "../../api/kinds/service.ts";
import { keyOf, keyText, type ObjectKey } from "../../api/meta.ts";
import { controllerReference } from "../../api/owner-references.ts";
import { EndpointLabel, MANAGER } from "../../api/well-known-endpoints.ts";
import type { ControllerContext } from "../controller.ts";
import { KeyedWork } from "../keyed-work.ts";
import type { SharedInformer } from "../shared-informer.ts";
import { type Mirrored, mirroredSlices, sliceFor } from "./mirrored-slices.ts";

/** The loop of the endpoint-slice-mirroring controller (pkg/controller/endpointslicemirroring). */
export class MirroringLoop {
  readonly #context: ControllerContext;
  readonly #work: KeyedWork;
  readonly #keys = new Map<string, ObjectKey>();
  /** Slices that mirror, by service and name; own writes included that the local copy may not have yet. */
  readonly #slices = new Map<string, Map<string, EndpointSlice>>();
  readonly #leave: (() => void)[] = [];
  #services: SharedInformer<Service> | undefined;
  #endpoints: SharedInformer<Endpoints> | undefined;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#work = new KeyedWork(context, (key) => this.#sync(key, this.#keys.get(key) as ObjectKey));
  }

  async start(): Promise<void> {
    const { view } = this.#context;
    const slices = await view.follow(endpointSlices);
    this.#services = await view.follow(services);
    this.#endpoints = await view.follow(endpoints);
    this.#leave.push(
      slices.join({ changed: (before, after) => this.#sliceChanged(before, after) }),
      this.#endpoints.join({
        changed: (before, after) => {
          if (isOurs(before) || isOurs(after)) this.#request(keyOf((after ?? before) as Endpoints));
        },
      }),
      this.#services.join({
        changed: (before, after) => {
          if (before?.spec.selector === after?.spec.selector && (before && after) !== undefined) return;
          const key = keyOf((after ?? before) as Service);
          if (isOurs(this.#endpoints?.get(key)) || this.#slices.has(keyText(key))) this.#request(key);
        },
      }),
    );
  }

  stop(): void {
    for (const leave of this.#leave) leave();
    this.#work.stop();
  }

  #request(key: ObjectKey): void {
    const text = keyText(key);
    this.#keys.set(text, key);
    this.#work.request(text);
  }

  #sliceChanged(before: EndpointSlice | undefined, after: EndpointSlice | undefined): void {
    const { metadata } = (after ?? before) as EndpointSlice;
    const { labels, namespace } = metadata;
    const name = labels?.[EndpointLabel.serviceName];
    if (labels?.[EndpointLabel.sliceManagedBy] !== MANAGER.mirroring || name === undefined) return;
    const key = { ...(namespace !== undefined && { namespace }), name };
    const known = this.#of(keyText(key));
    const own = known.get(metadata.name);
    if (after === undefined) known.delete(metadata.name);
    else if (own === undefined || version(own) < version(after)) known.set(metadata.name, after);
    // What somebody else has written or taken away is put right.
    if (own !== undefined && own !== known.get(metadata.name)) this.#request(key);
  }

  #of(key: string): Map<string, EndpointSlice> {
    let known = this.#slices.get(key);
    if (known === undefined) {
      known = new Map();
      this.#slices.set(key, known);
    }
    return known;
  }

  async #sync(text: string, key: ObjectKey): Promise<void> {
    const { objects } = this.#context;
    const source = this.#endpoints?.get(key);
    const service = this.#services?.get(key);
    const isMirrored = isOurs(source) && service !== undefined && !hasSelector(service);
    const wanted = isMirrored ? mirroredSlices(source) : [];
    const known = this.#of(text);
    const left = new Set(known.values());
    try {
      for (const contents of wanted) {
        const slice = sliceFor(contents, [...left]);
        if (slice !== undefined) left.delete(slice);
        const next = sliceOf(source as Endpoints, contents, slice);
        if (slice !== undefined && saysTheSame(slice, next)) continue;
        const write =
          slice === undefined ? objects.create(endpointSlices, next) : objects.update(endpointSlices, next);
        const written = await write;
        known.set(written.metadata.name, written);
      }
      for (const slice of left) {
        known.delete(slice.metadata.name);
        await objects.delete(endpointSlices, keyOf(slice));
      }
    } catch (error) {
      // Somebody else wrote, or the namespace ends: the local copy is about to say so.
      if (!(["NotFound", "Conflict", "Forbidden"] as const).some((reason) => isReason(error, reason)))
        throw error;
    }
    if (known.size === 0) this.#slices.delete(text);
    if (source === undefined && known.size === 0) this.#keys.delete(text);
  }
}

/** Endpoints that are to be mirrored: not those that are a mirror themselves, or nothing but a lock. */
function isOurs(source: Endpoints | undefined): source is Endpoints {
  if (source === undefined) return false;
  const { labels = {}, annotations = {} } = source.metadata;
  return (
    labels[EndpointLabel.skipMirror] !== "true" &&
    labels[EndpointLabel.managedBy] !== MANAGER.endpoints &&
    annotations["control-plane.alpha.kubernetes.io/leader"] === undefined
  );
}

function hasSelector({ spec: { selector = {} } }: Service): boolean {
  return Object.keys(selector).length > 0;
}

function sliceOf(source: Endpoints, contents: Mirrored, slice: EndpointSlice | undefined): EndpointSlice {
  const { name, namespace, labels } = source.metadata;
  const own = { [EndpointLabel.serviceName]: name, [EndpointLabel.sliceManagedBy]: MANAGER.mirroring };
  const metadata = slice?.metadata ?? {
    generateName: `${name}-`,
    namespace,
    ownerReferences: [controllerReference(endpoints, source)],
  };
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    ...slice,
    metadata: { ...metadata, labels: { ...labels, ...own } },
    ...contents,
  } as EndpointSlice;
}

function saysTheSame(a: EndpointSlice, b: EndpointSlice): boolean {
  return deepEqual(a.endpoints, b.endpoints) && deepEqual(a.metadata.labels, b.metadata.labels);
}

function version({ metadata }: EndpointSlice): number {
  return Number(metadata.resourceVersion);
}
