import { devicesText } from "../api/gpu.ts";
import type { Kind } from "../api/kind.ts";
import { type Binding, pods } from "../api/kinds/pod.ts";
import type { Objects } from "../api/objects.ts";
import { Annotation } from "../api/well-known.ts";
import type { NodeEntry } from "./cache/node-entry.ts";
import type { PodInfo } from "./pod-info.ts";
import type { VolumeBinder } from "./volumes/volume-binder.ts";

/** So many bindings are under way at most; the next pods wait until some have come back. */
const IN_FLIGHT = 1_000;

/** Binds pods to nodes, many at a time. */
export class Binder {
  readonly #objects: Objects;
  readonly #volumes: VolumeBinder;
  #inFlight = 0;

  constructor(objects: Objects, volumes: VolumeBinder) {
    this.#volumes = volumes;
    this.#objects = objects;
  }

  get isBusy(): boolean {
    return this.#inFlight >= IN_FLIGHT;
  }

  /** Never rejects: the outcome is undefined when the pod is bound, else what went wrong. */
  bind(info: PodInfo, node: NodeEntry): Promise<{ error: unknown } | undefined> {
    return info.shape.claims === undefined ? this.#post(info, node.name) : this.#bindWithClaims(info, node);
  }

  async #bindWithClaims(info: PodInfo, node: NodeEntry): Promise<{ error: unknown } | undefined> {
    try {
      await this.#volumes.bind(info.shape, node);
    } catch (error) {
      return { error };
    }
    return this.#post(info, node.name);
  }

  #post(info: PodInfo, nodeName: string): Promise<{ error: unknown } | undefined> {
    const { namespace, name, uid, devices } = info;
    const annotations = devices && { [Annotation.gpuDevices]: devicesText(devices) };
    const binding: Binding = {
      apiVersion: "v1",
      kind: "Binding",
      metadata: { namespace, name, uid, ...(annotations && { annotations }) },
      target: { kind: "Node", name: nodeName },
    };
    this.#inFlight++;
    return this.#objects.act(pods as unknown as Kind, { namespace, name }, "binding", binding).then(
      () => {
        this.#inFlight--;
        return undefined;
      },
      (error: unknown) => {
        this.#inFlight--;
        return { error };
      },
    );
  }
}
