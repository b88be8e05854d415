import { type IFileSystem, MountableFs } from "just-bash/browser";
import type { ShellContainer } from "../agents/shell-host.ts";
import { type BoundedFiles, SharedSpace } from "./bounded-files.ts";
import { podOf } from "./container-id.ts";

interface Known {
  readonly files: IFileSystem;
  readonly base: BoundedFiles;
}

/** The file systems of all containers that somebody has looked into; in memory, and gone with the container. */
export class ContainerFiles {
  readonly #space = new SharedSpace();
  readonly #byContainer = new Map<string, Known>();
  readonly #shared = new Map<string, BoundedFiles>();

  /** The container's file system, made when it is asked for first. */
  of(container: ShellContainer): IFileSystem {
    const known = this.#byContainer.get(container.id);
    if (known !== undefined) return known.files;
    const made = this.#make(container);
    this.#byContainer.set(container.id, made);
    return made.files;
  }

  forget(container: string): void {
    const known = this.#byContainer.get(container);
    if (known !== undefined) this.#space.close(known.base);
    this.#byContainer.delete(container);
    const pod = podOf(container);
    for (const id of this.#byContainer.keys()) if (podOf(id) === pod) return;
    for (const [name, files] of this.#shared) {
      if (podOf(name) !== pod) continue;
      this.#space.close(files);
      this.#shared.delete(name);
    }
  }

  #make({ files = {}, shared }: ShellContainer): Known {
    const base = this.#space.open();
    for (const directory of ["/tmp", "/root", "/dev", "/var/log", "/home", "/opt", "/usr/local"]) {
      base.mkdirSync(directory, { recursive: true });
    }
    for (const [path, content] of Object.entries(files)) {
      if (path.endsWith("/")) base.mkdirSync(path.slice(0, -1), { recursive: true });
      else base.writeFileSync(path, content);
    }
    const mounts = Object.entries(shared).map(([mountPoint, name]) => {
      base.mkdirSync(mountPoint, { recursive: true });
      return { mountPoint, filesystem: this.#sharedDirectory(name) };
    });
    return { base, files: mounts.length === 0 ? base : new MountableFs({ base, mounts }) };
  }

  #sharedDirectory(name: string): BoundedFiles {
    const known = this.#shared.get(name);
    if (known !== undefined) return known;
    const made = this.#space.open();
    this.#shared.set(name, made);
    return made;
  }
}
