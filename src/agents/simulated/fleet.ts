import { isReason } from "../../api/errors.ts";
import { EventRecorder } from "../../api/event-recorder.ts";
import { clusterSettings, timingProfileOf } from "../../api/kinds/cluster-settings.ts";
import { type Node, nodes } from "../../api/kinds/node.ts";
import { type NodeFault, nodeFaults } from "../../api/kinds/node-fault.ts";
import { type Pod, pods } from "../../api/kinds/pod.ts";
import { LocalCopies } from "../../api/local-copies.ts";
import { keyOf, microTimestamp, type ObjectKey } from "../../api/meta.ts";
import { modify } from "../../api/modify.ts";
import { OWN_STATUS } from "../../api/objects.ts";
import { DEFAULT_TIMING_PROFILE, TIMING_PROFILES, type TimingProfile } from "../../api/timing-profiles.ts";
import { Annotation } from "../../api/well-known.ts";
import type { Clock } from "../../clock/clock.ts";
import type { AgentContext, RunningPod } from "../agent.ts";
import { AddressPool } from "./addresses.ts";
import type { Host } from "./host.ts";
import { Machine } from "./machine.ts";
import { effectOf, FaultsByNode } from "./node-faults.ts";
import { LoadSharers } from "./usage/sharers.ts";

/** All simulated machines, and the one local copy of what the API says about them. */
export class Fleet {
  readonly host: Host;
  readonly #agentName: string;
  readonly #machines = new Map<string, Machine>();
  readonly #faults = new FaultsByNode();
  /** Who shares the load of which controller. */
  readonly sharers = new LoadSharers();
  readonly #settings;
  readonly #faultInformer;
  readonly #nodeInformer;
  readonly #podInformer;
  #profile: TimingProfile = TIMING_PROFILES[DEFAULT_TIMING_PROFILE];
  #isRunning = true;

  constructor(context: AgentContext, agentName: string) {
    const { objects, clock, copies = new LocalCopies(objects, clock) } = context;
    this.#agentName = agentName;
    this.host = {
      ...context,
      checksReferences: context.checksReferences ?? true,
      recorder: new EventRecorder({ ...context, component: "kubelet" }),
      addresses: new AddressPool(),
      profile: () => this.#profile,
      isRunning: () => this.#isRunning,
    };
    this.#settings = copies.follow(clusterSettings, {
      changed: (_, settings) => settings !== undefined && this.#switchProfile(timingProfileOf(settings)),
    });
    this.#faultInformer = copies.follow(nodeFaults, {
      changed: (before, after) => this.#faultChanged(before, after),
    });
    this.#podInformer = copies.follow(pods, {
      changed: (before, after) => this.#podChanged(before, after),
    });
    this.#nodeInformer = copies.follow(nodes, {
      changed: (before, after) => this.#nodeChanged(before, after),
    });
  }

  /** Faults and pods are known before the first machine comes up, so that it comes up as it should. */
  async start(): Promise<void> {
    await this.#settings.start();
    await this.#faultInformer.start();
    await this.#podInformer.start();
    await this.#nodeInformer.start();
  }

  stop(): void {
    this.#isRunning = false;
    for (const informer of [this.#settings, this.#faultInformer, this.#nodeInformer, this.#podInformer]) {
      informer.stop();
    }
    for (const machine of this.#machines.values()) machine.halt();
  }

  /** All machines, in the order in which they came. */
  machines(): Iterable<Machine> {
    return this.#machines.values();
  }

  /** A pod as the API shows it. */
  podNamed(key: ObjectKey): Pod | undefined {
    return this.#podInformer.get(key);
  }

  get clock(): Clock {
    return this.host.clock;
  }

  runningPods(): readonly RunningPod[] {
    return [...this.#machines.values()].flatMap((machine) => [...machine.runningPods()]);
  }

  /** The machine of a node; undefined for a node of another agent. */
  machine(nodeName: string): Machine | undefined {
    return this.#machines.get(nodeName);
  }

  #switchProfile(profile: TimingProfile): void {
    if (profile === this.#profile) return;
    this.#profile = profile;
    for (const machine of this.#machines.values()) machine.followProfile();
  }

  #nodeChanged(before: Node | undefined, after: Node | undefined): void {
    const { name } = ((after ?? before) as Node).metadata;
    const address = after?.status.addresses?.find(({ type }) => type === "InternalIP")?.address;
    if (address !== undefined) this.host.addresses.ofNode(name, address);
    this.#refresh(name);
  }

  #faultChanged(before: NodeFault | undefined, after: NodeFault | undefined): void {
    if (before !== undefined) this.#faults.remove(before);
    if (after !== undefined) this.#faults.put(after);
    if (before !== undefined && before.spec.nodeName !== after?.spec.nodeName)
      this.#refresh(before.spec.nodeName);
    if (after !== undefined) this.#refresh(after.spec.nodeName);
  }

  #podChanged(before: Pod | undefined, after: Pod | undefined): void {
    this.sharers.changed(before, after);
    const nodeName = after?.spec.nodeName;
    if (before?.spec.nodeName !== undefined && before.spec.nodeName !== nodeName) {
      const machine = this.#machines.get(before.spec.nodeName);
      machine?.podGone(before.metadata.uid);
      if (machine?.isForgettable) this.#machines.delete(before.spec.nodeName);
    }
    if (after === undefined || nodeName === undefined) return;
    if (before === undefined && after.status.podIP !== undefined)
      this.host.addresses.notePod(after.status.podIP);
    this.#machineOf(nodeName).podChanged(after);
  }

  /** Brings the machine to what its Node and its faults say. */
  #refresh(nodeName: string): void {
    const node = this.#nodeInformer.get({ name: nodeName });
    const isOurs = node !== undefined && this.#agentOf(node) === this.#agentName;
    if (!isOurs && !this.#machines.has(nodeName)) return;
    const machine = this.#machineOf(nodeName);
    machine.update(isOurs ? node : undefined, this.#faults.healthOf(nodeName));
    if (isOurs) this.#confirmFaults(nodeName);
    else if (machine.isForgettable) this.#machines.delete(nodeName);
  }

  #agentOf(node: Node): string {
    return node.metadata.annotations?.[Annotation.agent] ?? this.#agentName;
  }

  #machineOf(nodeName: string): Machine {
    let machine = this.#machines.get(nodeName);
    if (machine === undefined) {
      machine = new Machine(this.host, nodeName);
      this.#machines.set(nodeName, machine);
    }
    return machine;
  }

  /** Says on each fault that obeys when it began to act. */
  #confirmFaults(nodeName: string): void {
    for (const fault of this.#faults.of(nodeName)) {
      if (effectOf(fault) === undefined || fault.status?.injectedAt !== undefined) continue;
      const injectedAt = microTimestamp(this.host.clock.now());
      const confirmed = (now: NodeFault): NodeFault =>
        now.metadata.uid !== fault.metadata.uid || now.status?.injectedAt !== undefined
          ? now
          : { ...now, status: { ...now.status, injectedAt } };
      modify(this.host.objects, nodeFaults, keyOf(fault), confirmed, OWN_STATUS).catch((error: unknown) => {
        if (!isReason(error, "NotFound") && this.#isRunning) this.host.onError(error);
      });
    }
  }
}
