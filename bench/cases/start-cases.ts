/** What nothing costs: a whole copy of an empty bucket, and showing the options. */
import { RIGHT } from '../result.ts';
import type { BenchCase, CaseCall } from './bench-case.ts';

const PLACE = { virtual: [], stored: 'empty', source: 'source', destination: 'destination', latencyMilliseconds: 0 } as const;

/** Nothing can arrive; the exit code says it all. */
function withoutVerdict(call: Omit<CaseCall, 'verdict'> | null): CaseCall | null {
  return call === null ? null : { ...call, verdict: async () => RIGHT };
}

/** Both. */
export function startCases(): readonly BenchCase[] {
  return [
    { ...PLACE, name: 'empty bucket', title: 'a whole copy of an empty bucket', call: ({ copy }, site) => withoutVerdict(copy?.(site) ?? null) },
    { ...PLACE, name: 'help', title: 'starting, with --help', call: ({ help }, site) => withoutVerdict(help?.(site) ?? null) },
  ];
}
