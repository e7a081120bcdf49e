/** Bounds that cut cells of known size into parts of about the same size. */
import { compareKeys } from './byte-order.ts';
import type { Cell } from './sample-cell.ts';

/** Rising bounds, at most `parts` less one: each ends a cell, as near as possible to where an even part of what is left would end. */
export function evenBounds(cells: readonly Pick<Cell, 'startAfter' | 'end' | 'mass'>[], parts: number): readonly string[] {
  const total = cells.reduce((sum, { mass }) => sum + mass, 0);
  const bounds: string[] = [];
  let [begin, sum] = [0, 0];
  for (const { mass, startAfter } of cells.toSorted(byStart)) {
    const wanted = (total - begin) / (parts - bounds.length);
    // The bound before the cell is nearer to where this part should end than the one behind it.
    if (startAfter !== null && sum > begin && bounds.length + 1 < parts && sum - begin + mass / 2 >= wanted) {
      bounds.push(startAfter);
      begin = sum;
    }
    sum += mass;
  }
  return bounds;
}

function byStart(a: Pick<Cell, 'startAfter'>, b: Pick<Cell, 'startAfter'>): number {
  if (a.startAfter === null || b.startAfter === null) return Number(a.startAfter !== null) - Number(b.startAfter !== null);
  return compareKeys(a.startAfter, b.startAfter);
}
