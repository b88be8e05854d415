/**
 * The candidate that was most probably meant, or undefined when none is close: at most a third of the letters wrong
 * (an exchange of two neighbours counts as one), or the candidate begins with what was typed.
 */
export function didYouMean(typed: string, candidates: Iterable<string>): string | undefined {
  const wanted = typed.toLowerCase();
  let best: string | undefined;
  let bestRank = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const name = candidate.toLowerCase();
    const begins = wanted.length >= 3 && name.startsWith(wanted);
    const distance = begins ? 0.5 : editDistance(wanted, name);
    const allowed = Math.max(1, Math.floor(Math.max(wanted.length, name.length) / 3));
    if (distance > allowed) continue;
    // Among equals, few people mistype the first letter.
    const rank = distance + (name[0] === wanted[0] ? 0 : 0.25);
    if (rank < bestRank) {
      best = candidate;
      bestRank = rank;
    }
  }
  return best;
}

/** Damerau-Levenshtein distance (optimal string alignment). */
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      let cost = Math.min(
        (last[column] as number) + 1,
        (current[column - 1] as number) + 1,
        (last[column - 1] as number) + (same ? 0 : 1),
      );
      const swapped =
        row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (swapped) cost = Math.min(cost, (beforeLast[column - 2] as number) + 1);
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return last[to.length] as number;
}
