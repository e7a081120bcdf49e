/**
 * Finds out whether any of some patterns matches a key, in time that grows with the key alone whatever the patterns are: all places of the
 * machine at once, and what follows a set of places on a character is remembered (a finite automaton that is made as keys need it).
 */
import { parseExpression } from './expression.ts';
import { parseGlob } from './glob.ts';
import { compile, type Program } from './program.ts';

/** Sets of places that are remembered; then all are forgotten. */
const MOST_STATES = 2000;
/** Transitions on other characters than ASCII that are remembered, likewise. */
const MOST_WIDE = 20_000;
const ASCII = 128;
const UNKNOWN = -1;

interface State {
  /** Places that wait for a character. */
  readonly places: readonly number[];
  readonly isFound: boolean;
  /** Whether it is found if the key ends here. */
  readonly isFoundAtEnd: boolean;
  /** State by ASCII character; -1: not yet asked for. */
  readonly ascii: Int32Array;
  readonly wide: Map<number, number>;
}

/** Patterns of a matcher. */
export interface Patterns {
  readonly globs: readonly string[];
  readonly expressions: readonly string[];
}

/** Whether there is any pattern. */
export function hasPatterns({ globs, expressions }: Patterns): boolean {
  return globs.length + expressions.length > 0;
}

/** Matches keys. */
export class KeyMatcher {
  readonly #program: Program;
  readonly #mayBeginLater: boolean;
  #states: State[] = [];
  #numbers = new Map<string, number>();
  #wideCount = 0;

  /** @throws PatternError at the first pattern that cannot be used */
  constructor({ globs, expressions }: Patterns) {
    const parts = [...globs.map(parseGlob), ...expressions.map(parseExpression)];
    this.#program = compile({ kind: 'choice', parts }, [...globs, ...expressions].join(' '));
    // Behind the first character nothing begins whose patterns all begin with the key.
    const later = this.#closure([this.#program.length - 1], false, false).map((place) => this.#program[place]?.kind);
    this.#mayBeginLater = later.some((kind) => kind !== 'split' && kind !== 'start');
    this.#forget();
  }

  /** Whether one of the patterns matches the key. */
  matches(key: string): boolean {
    let state = this.#states[0] as State;
    for (let at = 0; at < key.length && !state.isFound; ) {
      const codePoint = key.codePointAt(at) as number;
      at += codePoint > 0xffff ? 2 : 1;
      if (state.places.length === 0 && !this.#mayBeginLater) return false;
      state = this.#after(state, codePoint);
    }
    return state.isFound || state.isFoundAtEnd;
  }

  #after(state: State, codePoint: number): State {
    const known = codePoint < ASCII ? (state.ascii[codePoint] as number) : (state.wide.get(codePoint) ?? UNKNOWN);
    if (known !== UNKNOWN) return this.#states[known] as State;
    const places = new Set<number>();
    for (const place of state.places) {
      const step = this.#program[place];
      if (step?.kind === 'one' && step.of(codePoint)) places.add(step.next);
    }
    // A match may begin behind every character.
    places.add(this.#program.length - 1);
    const number = this.#numberOf([...places], false);
    this.#remember(state, codePoint, number);
    return this.#states[number] as State;
  }

  #remember(state: State, codePoint: number, number: number): void {
    if (codePoint < ASCII) {
      state.ascii[codePoint] = number;
      return;
    }
    if (this.#wideCount >= MOST_WIDE) {
      for (const one of this.#states) one.wide.clear();
      this.#wideCount = 0;
    }
    this.#wideCount += 1;
    state.wide.set(codePoint, number);
  }

  /** The number of the state of these places; the oldest states are forgotten with all others when they are too many. */
  #numberOf(places: readonly number[], isStart: boolean): number {
    const here = this.#closure(places, isStart, false);
    const waiting = here.filter((place) => this.#program[place]?.kind === 'one').sort((a, b) => a - b);
    const isFound = here.some((place) => this.#program[place]?.kind === 'found');
    const isFoundAtEnd = this.#closure(places, isStart, true).some((place) => this.#program[place]?.kind === 'found');
    const name = `${isFound ? 'f' : ''}${isFoundAtEnd ? 'e' : ''}${waiting.join(' ')}`;
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    if (this.#states.length >= MOST_STATES) this.#forget();
    const state = { places: waiting, isFound, isFoundAtEnd, ascii: new Int32Array(ASCII).fill(UNKNOWN), wide: new Map<number, number>() };
    this.#numbers.set(name, this.#states.length);
    return this.#states.push(state) - 1;
  }

  /** All places that can be reached without a character. */
  #closure(places: readonly number[], isStart: boolean, isEnd: boolean): number[] {
    const reached = new Set<number>();
    const waiting = [...places];
    for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
      const step = this.#program[place];
      if (step === undefined || reached.has(place)) continue;
      reached.add(place);
      if (step.kind === 'split') waiting.push(step.next, step.other);
      if ((step.kind === 'start' && isStart) || (step.kind === 'end' && isEnd)) waiting.push(step.next);
    }
    return [...reached];
  }

  #forget(): void {
    this.#states = [];
    this.#numbers = new Map();
    this.#wideCount = 0;
    this.#numberOf([this.#program.length - 1], true);
  }
}
