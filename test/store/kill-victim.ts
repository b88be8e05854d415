import { LmdbStore } from "../../src/store/lmdb.ts";
import type { Operation } from "../../src/store/store.ts";

/**
 * Writes to the store in a directory until it is killed. Says on stdout what it is about to write and what was
 * acknowledged: `try|ack SLOT REVISION` with REVISION 0 for a deletion, `open REVISION` at the start.
 */
const [directory = "", seed = "0"] = process.argv.slice(2);
const store = await LmdbStore.open(directory);
process.stdout.write(`open ${store.revision}\n`);
let draw = Number(seed);

const below = (bound: number): number => {
  draw = (Math.imul(draw, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((draw / 2 ** 32) * bound);
};

async function writeForEver(lane: number): Promise<never> {
  for (;;) {
    const key = `slots/${lane}-${below(6)}`;
    const other = `slots/${lane}-${below(6)}`;
    const operations: Operation[] = [operation(key)];
    if (other !== key) operations.push(operation(other));
    let said = "";
    const committed = store.commit(operations);
    for (const { key: written } of operations) said += ` ${written} ${store.get(written)?.revision ?? 0}`;
    process.stdout.write(`try${said}\n`);
    await committed;
    process.stdout.write(`ack${said}\n`);
  }
}

function operation(key: string): Operation {
  if (below(4) === 0) return { key, value: undefined };
  return { key, value: (revision) => ({ revision, padding: "x".repeat(below(3_000)) }) };
}

for (let lane = 0; lane < 8; lane++) writeForEver(lane).catch(() => process.exit(1));
