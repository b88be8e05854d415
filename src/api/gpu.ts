/*
 * GPUs that pods share, counted in thousandths of a device: a node with `kubesim.dev/gpu-milli: "8000"` has eight
 * devices. A request below 1000 is a share of one device, 1000 and its multiples are so many whole devices.
 */

/** The resource of nodes and pods. */
export const GPU_MILLI = "kubesim.dev/gpu-milli";

/** A whole device. */
export const DEVICE_MILLI = 1_000;

/** What a pod wants of GPUs: so many devices, of each so many thousandths. More than one device are whole ones. */
export interface GpuDemand {
  readonly devices: number;
  readonly milli: number;
}

/**
 * What a request for so many thousandths means; undefined for 0. What is neither a share nor whole devices (containers
 * of one pod may add up to that) takes whole devices, rounded up.
 */
export function gpuDemandOf(requestedMilli: number): GpuDemand | undefined {
  if (requestedMilli <= 0) return undefined;
  if (requestedMilli < DEVICE_MILLI) return { devices: 1, milli: requestedMilli };
  return { devices: Math.ceil(requestedMilli / DEVICE_MILLI), milli: DEVICE_MILLI };
}

/** Why no container can ask for so many thousandths; undefined when one can. */
export function gpuRequestFault(requestedMilli: number): string | undefined {
  if (requestedMilli <= DEVICE_MILLI || requestedMilli % DEVICE_MILLI === 0) return undefined;
  return "must be at most 1000 (a share of one device) or a multiple of 1000 (whole devices)";
}

/** Device indexes as an annotation holds them: `0` or `2,3`. */
export function devicesText(devices: readonly number[]): string {
  return devices.join(",");
}

/** Reads `devicesText`; undefined when the text is none. */
export function parseDevices(text: string | undefined): readonly number[] | undefined {
  if (text === undefined || !/^\d{1,4}(,\d{1,4})*$/.test(text)) return undefined;
  const devices = text.split(",").map(Number);
  return new Set(devices).size === devices.length ? devices : undefined;
}
