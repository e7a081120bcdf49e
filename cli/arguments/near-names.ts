/** Names that somebody may have meant. */

/** Names told at most. */
const MOST = 3;
/** Letters that may be wrong. */
const WRONG_LETTERS = 2;

/** The names that are nearest to a wrong one, the nearest first: few letters apart, or one a part of the other. */
export function nearNames(asked: string, names: readonly string[]): readonly string[] {
  if (asked === '') return [];
  const ranked = names.map((name) => ({ name, distance: name.startsWith(asked) || asked.startsWith(name) ? 0 : editDistance(asked, name) }));
  return ranked
    .filter(({ distance }) => distance <= WRONG_LETTERS)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, MOST)
    .map(({ name }) => name);
}

/** Letters to insert, remove or replace to make one of the other (Levenshtein). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] as number) + (b[j - 1] === letter ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
