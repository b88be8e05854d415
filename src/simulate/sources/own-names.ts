import type { Draft, KubeObject } from "../../api/meta.ts";
import { FileFault } from "../../lib/file-fault.ts";

/** Which file has brought which object; two files may not bring the same. */
export class OwnNames {
  readonly #files = new Map<string, string>();

  /** @param file undefined for objects that are there already. Fails with FileFault, which names the line. */
  add(file: string | undefined, { kind, metadata }: Draft<KubeObject>, line?: number): void {
    const { namespace, name } = metadata;
    // A name that is to be made up is nobody else's.
    if (name === undefined) return;
    const key = `${kind}/${namespace ?? ""}/${name}`;
    const other = this.#files.get(key);
    if (other === undefined || file === undefined) {
      this.#files.set(key, file ?? "the live cluster");
      return;
    }
    const problem = `${kind} "${name}" is in ${other} already`;
    throw new FileFault(file, line, undefined, problem, "Leave one of the two out, or give it another name");
  }
}
