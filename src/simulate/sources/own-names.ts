import type { Draft, KubeObject } from "../../api/meta.ts";
import { FileFault } from "../../lib/file-fault.ts";
import type { Generator } from "../scenario/scenario.ts";

/** Which file has brought which object; two files may not bring the same, nor a file what is drawn. */
export class OwnNames {
  readonly #files = new Map<string, string>();
  readonly #generators: readonly Generator[];

  /** @param generators whose pods are called `NAME-1`, `NAME-2`, ... */
  constructor(generators: readonly Generator[] = []) {
    this.#generators = generators;
  }

  /** @param file undefined for objects that are there already. Fails with FileFault, which names the line. */
  add(file: string | undefined, { kind, metadata }: Draft<KubeObject>, line?: number): void {
    const { namespace, name } = metadata;
    // A name that is to be made up is nobody else's.
    if (name === undefined) return;
    const generator = kind === "Pod" ? this.#generatorOf(name, namespace) : undefined;
    if (file !== undefined && generator !== undefined) {
      const problem = `Pod "${name}" has the name of a pod that is drawn: those of "${generator.name}"`;
      const hint = `Give it another name, or what is drawn: in a scenario file, the workload's name`;
      throw new FileFault(file, line, undefined, problem, hint);
    }
    const key = `${kind}/${namespace ?? ""}/${name}`;
    const other = this.#files.get(key);
    if (other === undefined || file === undefined) {
      this.#files.set(key, file ?? "the live cluster");
      return;
    }
    const problem = `${kind} "${name}" is in ${other} already`;
    throw new FileFault(file, line, undefined, problem, "Leave one of the two out, or give it another name");
  }

  #generatorOf(pod: string, namespace = "default"): Generator | undefined {
    if (this.#generators.length === 0 || namespace !== "default") return undefined;
    const [, name, number] = /^(.+)-([1-9]\d*)$/.exec(pod) ?? [];
    return this.#generators.find(
      (generator) =>
        generator.name === name && Number(number) <= (generator.count ?? Number.POSITIVE_INFINITY),
    );
  }
}
