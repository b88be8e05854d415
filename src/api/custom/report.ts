import type { FieldError } from "../errors.ts";
import { type Path, pathText } from "./json-schema.ts";

/** What is wrong at one place of a value. */
export interface Fault {
  readonly error: FieldError;
  /** The value that the broken rule is about: of a missing field, the object that lacks it. */
  readonly about: readonly (string | number)[];
}

/** How many faults one answer tells; a long list with the same mistake in every item is clear after some. */
const FAULTS_MAX = 100;

/** Faults found on a walk over a value, and where the walk is. */
export class Report {
  readonly faults: Fault[] = [];
  readonly path: Path = [];

  /** A report of its own for a rule that may fail without harm. */
  aside(): Report {
    const report = new Report();
    report.path.push(...this.path);
    return report;
  }

  /** The place of the walk as text; with `name`, of that field or item in it. */
  place(name?: string | number): string {
    return pathText(name === undefined ? this.path : [...this.path, name]);
  }

  add(error: FieldError): void {
    this.#push({ error, about: [...this.path] });
  }

  take(other: Report): void {
    for (const fault of other.faults) this.#push(fault);
  }

  get isClean(): boolean {
    return this.faults.length === 0;
  }

  #push(fault: Fault): void {
    if (this.faults.length < FAULTS_MAX) this.faults.push(fault);
  }
}
