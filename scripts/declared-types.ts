/** Finds the declarations of the package kubernetes-types by the names of their schemas. */
import { posix } from "node:path";
import { type Declaration, type DeclarationFile, readDeclarations } from "./declarations.ts";

/** Gives the text of a module of the package by a path such as `core/v1`; undefined when there is none. */
export type ReadModule = (path: string) => string | undefined;

/** The declarations of all modules, each read on first use. */
export class Declarations {
  readonly #readModule: ReadModule;
  readonly #files = new Map<string, DeclarationFile>();

  constructor(readModule: ReadModule) {
    this.#readModule = readModule;
  }

  /** The declaration of `io.k8s.api.core.v1.Pod`; undefined when it is younger than the package. */
  byName(schemaName: string): Declaration | undefined {
    return this.find(moduleOf(schemaName), schemaName.slice(schemaName.lastIndexOf(".") + 1));
  }

  /** The declaration of a type in a module, e.g. `core/v1` and `Pod`. */
  find(module: string, name: string): Declaration | undefined {
    return this.#file(module).interfaces.find((candidate) => candidate.name === name);
  }

  /** The module that a name used in a module comes from: the module itself or one that it imports. */
  moduleOf(module: string, name: string): string {
    const imported = this.#file(module).imports.get(name);
    return imported === undefined ? module : posix.normalize(`${posix.dirname(module)}/${imported}`);
  }

  /** The documentation of a name that stands for another type, such as Time. */
  aliasDoc(module: string, name: string): string {
    return this.#file(module).aliases.get(name) ?? this.find(module, name)?.doc ?? "";
  }

  #file(module: string): DeclarationFile {
    let read = this.#files.get(module);
    if (read === undefined) {
      read = readDeclarations(this.#readModule(module) ?? "");
      this.#files.set(module, read);
    }
    return read;
  }
}

/** `io.k8s.api.core.v1.Pod` and `io.k8s.apimachinery.pkg.apis.meta.v1.Time` -> `core/v1` and `meta/v1`. */
function moduleOf(schemaName: string): string {
  return schemaName.split(".").slice(-3, -1).join("/");
}
