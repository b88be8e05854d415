import type { QueueDiscipline } from "../discipline.ts";
import { easy } from "./easy.ts";
import { fcfs } from "./fcfs.ts";
import { skip } from "./skip.ts";

/** Every queue discipline, the default first. */
export const DISCIPLINES: readonly QueueDiscipline[] = [skip, fcfs, easy];

/** The discipline of this name, or undefined. */
export function findDiscipline(name: string): QueueDiscipline | undefined {
  return DISCIPLINES.find((discipline) => discipline.name === name);
}
