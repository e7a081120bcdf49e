/**
 * The letters at one place as a scale from 0 to 1, on which a position stands for a share of the keys. Letters that were seen weigh 1 each;
 * those that may be there weigh less, so that a guess costs little: all guesses together weigh as much as the letters that are known.
 */
import { holds, lowerBound, type SeenLetters } from './seen-letters.ts';

/** Weight of all guessed letters together, as a multiple of the known ones. */
const GUESSED_WEIGHT = 1;
/** Generous weights of a letter that was seen at the place but behind other letters, and of one that goes with those. */
const ELSEWHERE_WEIGHT = 1;
const RELATIVE_WEIGHT = 1;
/** Letters of one kind at most: a mixture of all kinds is no guess. */
const LARGEST_KIND = 26;
/** First code point that is weighed by stretches of the code table, since beyond ASCII alphabets are too large to list. */
const BEYOND_ASCII = 0x80;
/** Letters beyond ASCII that must be known before their density is taken for that of the stretches between them. */
const LEAST_FOR_DENSITY = 3;
/** What a stretch's expected letters weigh, against known ones. */
const STRETCH_WEIGHT = 0.5;
/** How far behind the last known letter of a script others are expected: 24,576 reaches over the Chinese characters. */
const REACH = 0x6000;
const LIGHTEST_STRETCH = 0.01;
const LAST_CODE_POINT = 0x10ffff;

/** A letter, or a stretch of code points of which none was seen. */
export interface ScaleStep {
  readonly first: number;
  readonly last: number;
  /** Share of the scale below it. */
  readonly from: number;
  /** Share of the scale up to its end. */
  readonly to: number;
}

interface WeighedStep {
  readonly first: number;
  readonly last: number;
  readonly weight: number;
}

/**
 * How guesses are made. `careful`: a letter proven absent under one text is not expected under another, and guesses weigh little, so that few
 * requests are lost. `generous`: what was seen at a place is expected under every text, so that nothing large stays hidden.
 */
export type Guessing = 'careful' | 'generous';

function letterSteps(letters: readonly number[], weight: number): readonly WeighedStep[] {
  return letters.map((letter) => ({ first: letter, last: letter, weight }));
}

/** Letters that were not seen in this context but elsewhere at this place, or that go with those; without those proven absent. */
function guessedLetters(known: readonly number[], place: SeenLetters, context: SeenLetters | undefined): readonly number[] {
  const isOpen = (letter: number): boolean => !holds(known, letter) && context?.absent.has(letter) !== true;
  const relatives = place.relatives.filter((letter) => !holds(place.seen, letter) && !place.absent.has(letter));
  return [...place.seen, ...relatives].filter(isOpen);
}

/** What was seen at the place weighs as much as what was seen in the context, and what goes with it half. */
function generousSteps(known: readonly number[], place: SeenLetters): readonly WeighedStep[] {
  const elsewhere = place.seen.filter((letter) => !holds(known, letter));
  const isOneKind = place.relatives.length <= LARGEST_KIND;
  const relatives = isOneKind ? place.relatives.filter((letter) => !holds(place.seen, letter)) : [];
  return [...letterSteps(known, 1), ...letterSteps(elsewhere, ELSEWHERE_WEIGHT), ...letterSteps(relatives, RELATIVE_WEIGHT)];
}

/** Stretches beyond ASCII around the known letters, without what is proven empty. */
function openStretches(known: readonly number[], place: SeenLetters, context: SeenLetters | undefined): readonly WeighedStep[] {
  const end = Math.min((known.at(-1) as number) + REACH, LAST_CODE_POINT - 1) + 1;
  const marks = [BEYOND_ASCII - 1, ...place.seen.filter((letter) => letter >= BEYOND_ASCII), ...known, end].toSorted((a, b) => a - b);
  const open: WeighedStep[] = [];
  for (let at = 1; at < marks.length; at += 1) {
    for (const [low, high] of place.absent.without((marks[at - 1] as number) + 1, (marks[at] as number) - 1)) {
      const rest = context?.absent.without(low, high) ?? [[low, high] as const];
      for (const [first, last] of rest) open.push({ first, last, weight: last - first + 1 });
    }
  }
  return open;
}

function stretchSteps(known: readonly number[], place: SeenLetters, context: SeenLetters | undefined): readonly WeighedStep[] {
  const beyond = known.filter((letter) => letter >= BEYOND_ASCII);
  if (beyond.length === 0) return [];
  const open = openStretches(beyond, place, context);
  const length = open.reduce((sum, step) => sum + step.weight, 0);
  const asGuess = Math.min(1, (GUESSED_WEIGHT * known.length) / length);
  const density = beyond.length / ((beyond.at(-1) as number) - (beyond[0] as number) + 1);
  const each = beyond.length < LEAST_FOR_DENSITY ? asGuess : Math.max(asGuess, density * STRETCH_WEIGHT);
  return open.map((step) => ({ ...step, weight: step.weight * each })).filter((step) => step.weight >= LIGHTEST_STRETCH);
}

function inShares(steps: readonly WeighedStep[]): readonly ScaleStep[] {
  const total = steps.reduce((sum, step) => sum + step.weight, 0);
  let sum = 0;
  return steps
    .toSorted((a, b) => a.first - b.first)
    .map(({ first, last, weight }) => {
      const from = sum / total;
      sum += weight;
      return { first, last, from, to: sum / total };
    });
}

/** The scale of one place. */
export class LetterScale {
  readonly steps: readonly ScaleStep[];
  readonly #lasts: readonly number[];

  private constructor(steps: readonly ScaleStep[]) {
    this.steps = steps;
    this.#lasts = steps.map((step) => step.last);
  }

  /**
   * @param place - what is known of the place; at least one letter was seen
   * @param context - the same behind one letter
   */
  static of(place: SeenLetters, context: SeenLetters | undefined, guessing: Guessing = 'careful'): LetterScale {
    const known = context !== undefined && context.seen.length > 0 ? context.seen : place.seen;
    if (guessing === 'generous') return new LetterScale(inShares([...generousSteps(known, place), ...stretchSteps(known, place, context)]));
    const guessed = guessedLetters(known, place, context);
    const weight = Math.min(1, (GUESSED_WEIGHT * known.length) / Math.max(1, guessed.length));
    return new LetterScale(inShares([...letterSteps(known, 1), ...letterSteps(guessed, weight), ...stretchSteps(known, place, context)]));
  }

  /** The first step that ends at or behind the letter; undefined behind the last. */
  stepAt(letter: number): ScaleStep | undefined {
    return this.steps[lowerBound(this.#lasts, letter)];
  }

  /** Index of the step that a share from 0 to 1 falls into. */
  indexOfShare(share: number): number {
    const { steps } = this;
    let at = 0;
    while (at < steps.length - 1 && (steps[at] as ScaleStep).to <= share) at += 1;
    return at;
  }

  /** Whether a letter may follow behind `letter`. */
  goesOnBehind(letter: number): boolean {
    return (this.#lasts.at(-1) ?? -1) > letter;
  }
}
