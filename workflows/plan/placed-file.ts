/** Where a program or script lies, and the name that it has for the step. */
import type { ClusterFacts } from './run-facts.ts';

/** A file. */
export interface PlacedFile {
  /** A path or URL. */
  readonly url: string;
  /** Its own name, whatever its place calls it. */
  readonly name: string;
}

/** The place of a file: one of its own, such as a name by content, else in the folder. */
export function placedFile(cluster: ClusterFacts, folder: 'programs' | 'diffScripts', name: string): PlacedFile {
  return { url: cluster.files?.[name] ?? `${cluster[folder]}/${name}`, name };
}
