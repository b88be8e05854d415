import { readdirSync, readFileSync } from "node:fs";

const TASKS = "/proc/self/task";
/** The kernel counts in hundredths of a second, whatever its own clock does (USER_HZ). */
const TICK_S = 0.01;
/** Where utime and stime stand in a task's `stat`, counted from behind the name, which may have blanks in it. */
const [USER, SYSTEM] = [11, 12];

/** Processor seconds of every thread of this process so far, by id; of none where the system does not tell. */
export function threadSeconds(): ReadonlyMap<string, number> {
  let ids: readonly string[];
  try {
    ids = readdirSync(TASKS);
  } catch {
    return new Map();
  }
  return new Map(ids.map((id) => [id, secondsOf(id)]));
}

function secondsOf(id: string): number {
  const stat = readFileSync(`${TASKS}/${id}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[USER]) + Number(fields[SYSTEM])) * TICK_S;
}
