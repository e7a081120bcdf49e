/** Buckets that are gone with the process. */
import type { BucketShelf } from './buckets.ts';
import { MemoryObjects } from './memory-objects.ts';

/** An empty shelf in memory. */
export function memoryShelf(): BucketShelf {
  return {
    open: () => [],
    create: (settings) => ({ settings, objects: new MemoryObjects() }),
    save: () => {},
    drop: () => {},
    close: async () => {},
  };
}
