/** How many list requests a listing takes: the pages that hold its keys, and what finding out where to split costs each task. */
import type { BucketShape } from './bucket-shape.ts';

const KEYS_OF_A_PAGE = 1_000;
/**
 * What a task spends at most beyond its full pages, and the keys of a task at which two thirds of it are spent. Measured on virtual buckets (docs/scale.md):
 * 57 of 20,000 keys, 255 of 200,000 and 418 of a million, flat; the other layouts by their factor.
 */
const MOST_BEYOND = 430;
const KEYS_TO_SPLIT = 220_000;
const LAYOUT_FACTOR: Readonly<Record<BucketShape['layout'], number>> = { flat: 1, hashed: 1, folders: 1.6, skewed: 3 };

/** List requests for so many keys by so many tasks that list at once. */
export function listPages(keys: number, tasks: number, layout: BucketShape['layout']): number {
  const pages = Math.max(1, Math.ceil(keys / KEYS_OF_A_PAGE));
  if (keys <= KEYS_OF_A_PAGE) return Math.max(pages, tasks);
  const beyond = MOST_BEYOND * LAYOUT_FACTOR[layout] * (1 - Math.exp(-keys / tasks / KEYS_TO_SPLIT));
  return pages + Math.round(tasks * beyond);
}
