/** Everything that the demo's source holds at first. */
import { campanileSet } from './campanile-set.ts';
import type { DemoObject } from './demo-object.ts';
import { archivedSet, featureSet } from './feature-set.ts';
import { oddKeySet } from './odd-keys.ts';
import { partSet } from './part-set.ts';

/** Campanile's test set, then every way of cutting objects, odd keys, everything an object can carry, and archives. */
export function demoSet(): readonly DemoObject[] {
  return [...campanileSet(), ...partSet(), ...oddKeySet(), ...featureSet(), ...archivedSet()];
}
