/** Sorted lines, regrouped so that all lines of one key (their first column) stand in one batch. */

function keyOf(line: string): string {
  const tab = line.indexOf('\t');
  return tab < 0 ? line : line.slice(0, tab);
}

function hasKey(line: string, key: string): boolean {
  return line.startsWith(key) && (line.length === key.length || line[key.length] === '\t');
}

/** Where the last line's key begins. */
function startOfLastKey(lines: readonly string[], key: string): number {
  let start = lines.length - 1;
  while (start > 0 && hasKey(lines[start - 1] as string, key)) start -= 1;
  return start;
}

/**
 * The same lines in the same order, in batches that never split a key. The lines of the newest key are held back until another key
 * or the end comes; one key's lines must fit in memory (10,000 parts of an upload are about 2 MB).
 */
export async function* groupByKey(batches: AsyncIterable<readonly string[]>): AsyncGenerator<readonly string[], void, void> {
  let held: string[] = [];
  for await (const lines of batches) {
    if (lines.length === 0) continue;
    const newest = keyOf(lines[lines.length - 1] as string);
    const start = startOfLastKey(lines, newest);
    const continues = held.length > 0 && start === 0 && hasKey(held[0] as string, newest);
    if (continues) {
      for (const line of lines) held.push(line);
      continue;
    }
    const complete = start === 0 ? held : held.length === 0 ? lines.slice(0, start) : held.concat(lines.slice(0, start));
    held = lines.slice(start);
    if (complete.length > 0) yield complete;
  }
  if (held.length > 0) yield held;
}
