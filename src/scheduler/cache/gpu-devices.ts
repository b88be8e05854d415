import { DEVICE_MILLI, type GpuDemand } from "../../api/gpu.ts";
import type { GpuView } from "../strategy.ts";

/**
 * The GPUs of one node, and how much of each is left, in thousandths. Pods may hold devices that the node does not have
 * (any more): these have less than nothing left.
 */
export class GpuDevices implements GpuView {
  readonly left: number[] = [];
  #capacities: readonly number[] = [];

  /** Takes over how much there is: whole devices, and one more for what is over. */
  describe(totalMilli: number): void {
    const whole = Math.floor(totalMilli / DEVICE_MILLI);
    const rest = totalMilli - whole * DEVICE_MILLI;
    const capacities = [...new Array<number>(whole).fill(DEVICE_MILLI), ...(rest > 0 ? [rest] : [])];
    const count = Math.max(capacities.length, this.left.length);
    for (let device = 0; device < count; device++) {
      const taken = (this.#capacities[device] ?? 0) - (this.left[device] ?? 0);
      this.left[device] = (capacities[device] ?? 0) - taken;
    }
    this.#capacities = capacities;
  }

  /** Takes so much of each of these devices (sign 1), or gives it back (sign -1). */
  take(devices: readonly number[], milli: number, sign: 1 | -1): void {
    for (const device of devices) {
      while (this.left.length <= device) this.left.push(0);
      this.left[device] = (this.left[device] as number) - sign * milli;
    }
  }

  /** How much a pod that wants such a thing could have at most: of one device, or of all that nobody uses. */
  room({ milli }: GpuDemand): number {
    if (milli < DEVICE_MILLI) return Math.max(0, ...this.left);
    let idle = 0;
    for (const left of this.left) if (left === DEVICE_MILLI) idle++;
    return idle * DEVICE_MILLI;
  }

  /** The devices with the least left that is enough, the lower index of equals; where there are too few, any. */
  choose({ devices, milli }: GpuDemand): readonly number[] {
    const order = this.left.map((_, device) => device);
    const rank = (device: number) => {
      const left = this.left[device] as number;
      return left >= milli ? left : Number.MAX_SAFE_INTEGER - left;
    };
    order.sort((a, b) => rank(a) - rank(b) || a - b);
    const chosen = order.slice(0, devices);
    while (chosen.length < devices) chosen.push(chosen.length);
    return chosen;
  }

  copy(): GpuDevices {
    const copy = new GpuDevices();
    copy.left.push(...this.left);
    copy.#capacities = this.#capacities;
    return copy;
  }
}
