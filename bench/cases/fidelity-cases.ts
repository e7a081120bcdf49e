/** What arrives of stored objects that are hard to copy: multipart objects with their ETags, keys that S3 allows and programs stumble over. */
import { carillonPrograms } from '../contenders/carillon.ts';
import type { Contender } from '../contenders/contender.ts';
import type { Verdict } from '../result.ts';

import { HOSTILE_KEYS, MULTIPART_OBJECTS, type StoredSet } from '../stored-set.ts';
import type { BenchCase, Outcome } from './bench-case.ts';

async function judge({ store, site }: Outcome, expected: number, what: string): Promise<Verdict> {
  const [source, destination] = [await store.etags(site.source), await store.etags(site.destination)];
  const arrived = [...source.keys()].filter((key) => destination.has(key)).length;
  const kept = [...source].filter(([key, etag]) => destination.get(key) === etag).length;
  const others = [...destination.keys()].filter((key) => !source.has(key)).length;
  if (source.size !== expected) return { isRight: false, text: `the source holds ${source.size} objects instead of ${expected}` };
  if (arrived < expected || others > 0) return { isRight: false, text: `${arrived} of ${expected} arrived${others > 0 ? `, ${others} under other keys` : ''}` };
  return { isRight: kept === expected, text: `${kept} of ${expected} ${what}` };
}

/** The programs in a pipe are one round, and what is wrong with a computed part map heals in the second. */
function isWhole({ name }: Contender): boolean {
  return name !== carillonPrograms.name;
}

function fidelityCase(name: string, title: string, stored: StoredSet, expected: number, what: string): BenchCase {
  return {
    name,
    title,
    virtual: [],
    stored,
    source: 'source',
    destination: 'destination',
    latencyMilliseconds: 0,
    call(contender, site) {
      const call = isWhole(contender) ? (contender.copy?.(site) ?? null) : null;
      return call === null ? null : { ...call, verdict: (outcome) => judge(outcome, expected, what) };
    },
  };
}

/** Both. */
export function fidelityCases(): readonly BenchCase[] {
  return [
    fidelityCase('etags', `${MULTIPART_OBJECTS} multipart objects`, 'multipart', MULTIPART_OBJECTS, 'ETags kept'),
    fidelityCase('hostile keys', `${HOSTILE_KEYS.toLocaleString('en')} hostile keys`, 'hostile', HOSTILE_KEYS, 'keys carried'),
  ];
}
