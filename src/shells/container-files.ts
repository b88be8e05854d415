import { type IFileSystem, InMemoryFs, MountableFs } from "just-bash/browser";
import type { ShellContainer } from "../agents/shell-host.ts";

/** What the files of one container, and those of one shared directory, may take together. */
const BYTES_MAX = 64 * 1024 * 1024;

/** The file systems of all containers that somebody has looked into; in memory, and gone with the container. */
export class ContainerFiles {
  readonly #byContainer = new Map<string, IFileSystem>();
  readonly #shared = new Map<string, InMemoryFs>();

  /** The container's file system, made when it is asked for first. */
  of(container: ShellContainer): IFileSystem {
    const known = this.#byContainer.get(container.id);
    if (known !== undefined) return known;
    const made = this.#make(container);
    this.#byContainer.set(container.id, made);
    return made;
  }

  forget(container: string): void {
    this.#byContainer.delete(container);
    const pod = podOf(container);
    for (const id of this.#byContainer.keys()) if (podOf(id) === pod) return;
    for (const name of this.#shared.keys()) if (podOf(name) === pod) this.#shared.delete(name);
  }

  #make({ files = {}, shared }: ShellContainer): IFileSystem {
    const base = new InMemoryFs({}, { maxTotalBytes: BYTES_MAX });
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
    return mounts.length === 0 ? base : new MountableFs({ base, mounts });
  }

  #sharedDirectory(name: string): InMemoryFs {
    const known = this.#shared.get(name);
    if (known !== undefined) return known;
    const made = new InMemoryFs({}, { maxTotalBytes: BYTES_MAX });
    this.#shared.set(name, made);
    return made;
  }
}

/** Containers and shared directories are named after the uid of their pod. */
function podOf(name: string): string {
  return name.slice(0, name.indexOf("/"));
}
