import { DEVICE_MILLI, GPU_MILLI } from "../../api/gpu.ts";
import { processTurn } from "../../clock/virtual.ts";
import type { Random } from "../../lib/random.ts";
import { arrivalTimes } from "../generate/arrival-times.ts";
import { draw } from "../generate/distribution.ts";
import type { Arrival } from "../prepared.ts";
import type { Generator } from "../scenario/scenario.ts";

/** Who wants to stop is heard after so many pods. */
const PODS_PER_TURN = 4_096;

/**
 * The pods of a generator, by time; those that were drawn when `signal` was aborted. Arrivals, sizes and durations have
 * streams of their own, named after the generator.
 * @param random the run's stream for workloads
 * @param endMs nobody comes at that time or later
 */
export async function generate(
  generator: Generator,
  random: Random,
  endMs: number,
  signal: Pick<AbortSignal, "aborted">,
): Promise<readonly Arrival[]> {
  const { name, count = Number.POSITIVE_INFINITY, cpu, memory, gpu, duration } = generator;
  const own = random.stream(name);
  const streams = {
    cpu: own.stream("cpu"),
    memory: own.stream("memory"),
    gpu: own.stream("gpu"),
    duration: own.stream("duration"),
  };
  const arrivals: Arrival[] = [];
  for (const atMs of arrivalTimes(generator.arrivals, own.stream("arrivals"))) {
    if (arrivals.length >= count || atMs >= endMs) break;
    if (arrivals.length % PODS_PER_TURN === PODS_PER_TURN - 1) {
      await processTurn();
      if (signal.aborted) break;
    }
    const id = `${name}-${arrivals.length + 1}`;
    const requests = {
      cpu: `${Math.max(1, Math.round(draw(cpu, streams.cpu) * 1_000))}m`,
      memory: String(Math.max(0, Math.round(draw(memory, streams.memory)))),
      ...(gpu !== undefined && gpuRequest(draw(gpu, streams.gpu))),
    };
    const runMs =
      duration === undefined ? undefined : Math.max(1, Math.round(draw(duration, streams.duration)));
    arrivals.push({ id, atMs, name: id, requests, durationMs: runMs });
  }
  return arrivals;
}

/** A share of a device in thousandths, or whole devices, as pods can ask for them; nothing for 0. */
function gpuRequest(devices: number): Readonly<Record<string, string>> {
  const whole = Math.round(devices) * DEVICE_MILLI;
  const milli = devices < 1 ? Math.round(devices * DEVICE_MILLI) : whole;
  return milli <= 0 ? {} : { [GPU_MILLI]: String(milli) };
}
