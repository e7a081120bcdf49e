/**
 * What became of everything about an object that is not its bytes: the drift of its copy. One letter an aspect, in the order of the list, so
 * that a row carries it in nine bytes and every engine can cut it out (`substr(drift, 5, 1) = 'u'`).
 */
import { addTally, type Tally } from './books.ts';

/** Version of the list of aspects; it grows by one whenever an aspect is added, at the end. */
export const DRIFT_VERSION = 1;

/** All aspects. The place in the list is the place of the letter. */
export const ASPECTS = ['etag', 'metadata', 'tags', 'storage-class', 'website-redirect', 'acl', 'encryption', 'checksum', 'object-lock'] as const;

/**
 * `metadata`: the system headers (content type, cache control, …) and the user's. `acl`: grants beyond the owner's own. `encryption`: kind and
 * key. `checksum`: the algorithm that is stored beside the object. `object-lock`: retention and legal hold.
 */
export type Aspect = (typeof ASPECTS)[number];

/** Every fate with its letter. */
export const FATES = { kept: 'k', none: 'n', changed: 'c', lost: 'l', unseen: 'u' } as const;

/**
 * `kept`: the copy has what the source has. `none`: the source has none. `changed`: a rule of the request set it, or the destination's default.
 * `lost`: the source has it, the copy has not, and no rule asked for that. `unseen`: nobody looked whether the source has it.
 */
export type Fate = keyof typeof FATES;

/** A letter for every aspect. Shorter ones are of an older version, longer ones of a newer: what is not there is unseen, what is too much unknown. */
export type Drift = string;

const FORM = /^[knclu]{1,64}$/;
const FATE_BY_LETTER: Readonly<Record<string, Fate>> = Object.fromEntries(Object.entries(FATES).map(([fate, letter]) => [letter, fate as Fate]));

/** Nobody looked at anything. */
export const ALL_UNSEEN: Drift = FATES.unseen.repeat(ASPECTS.length);

/** Whether `text` is a drift. */
export function isDrift(text: string): text is Drift {
  return FORM.test(text);
}

/** The drift with some fates changed; the others as they are in `base`. */
export function withFates(fates: Readonly<Partial<Record<Aspect, Fate>>>, base: Drift = ALL_UNSEEN): Drift {
  return ASPECTS.map((aspect, at) => (fates[aspect] === undefined ? (base[at] ?? FATES.unseen) : FATES[fates[aspect]])).join('');
}

/** The fate of an aspect. */
export function fateIn(drift: Drift, aspect: Aspect): Fate {
  return FATE_BY_LETTER[drift[ASPECTS.indexOf(aspect)] ?? ''] ?? 'unseen';
}

/** Objects whose aspect had a fate. */
export interface DriftCount extends Tally {
  readonly aspect: Aspect;
  readonly fate: Exclude<Fate, 'none'>;
}

/** The drift of all that was copied: tallies by aspect and fate. What no object had is left out. */
export type DriftReport = Readonly<Partial<Record<Aspect, Readonly<Partial<Record<DriftCount['fate'], Tally>>>>>>;

/** Whether `text` names an aspect. */
export function isAspect(text: string): text is Aspect {
  return (ASPECTS as readonly string[]).includes(text);
}

/** Whether `text` names a fate that is counted. */
export function isCountedFate(text: string): text is DriftCount['fate'] {
  return text !== 'none' && Object.hasOwn(FATES, text);
}

/** Adds up the lines of all reducers and rounds, aspects in the order of their list. */
export function drawUpDrift(counts: readonly DriftCount[]): DriftReport {
  const report: Partial<Record<Aspect, Partial<Record<DriftCount['fate'], Tally>>>> = {};
  for (const aspect of ASPECTS) {
    for (const { fate, objects, bytes } of counts.filter((count) => count.aspect === aspect)) {
      const fates = report[aspect] ?? {};
      fates[fate] = addTally(fates[fate] ?? { objects: 0, bytes: 0 }, { objects, bytes });
      report[aspect] = fates;
    }
  }
  return report;
}
