/**
 * Whether partitions tile: every key in exactly one. Judged by which texts could be keys, since nobody knows the keys: a fault is certain for the
 * example that it names, and whether such a key exists only the bucket knows.
 */
import { compareKeys } from './byte-order.ts';
import { compareEnds, firstText, isLeftOut, type KeySlice, nextText, type TextBehind, textBehind } from './key-slice.ts';

/** What keeps partitions from tiling. */
export type TilingFault =
  | {
      readonly kind: 'overlap';
      /** Indices of the two slices. */
      readonly first: number;
      readonly second: number;
      /** A key that both would list. */
      readonly example: string;
    }
  | {
      readonly kind: 'gap';
      /** A key that no slice would list. */
      readonly example: string;
      /** The first text of the gap, and the first behind it; null: it goes on to the last. */
      readonly from: string;
      readonly to: TextBehind;
      /** Empty: all keys there are left out. Else only those are that have one of these characters behind the prefix of a slice with that delimiter. */
      readonly delimiters: readonly string[];
    };

/** Texts from `from` on, up to and not including `to`, and the slices between whose bounds they all lie. */
interface Stretch {
  readonly from: string;
  readonly to: TextBehind;
  readonly slices: readonly number[];
}

const EVERYTHING: KeySlice = { delimiter: '', prefix: '', startAfter: null, end: null };

/** Cuts what is to be covered at the bounds of all slices. */
function* stretchesOf(slices: readonly KeySlice[], whole: KeySlice): Generator<Stretch> {
  const bounds = [whole, ...slices].flatMap((slice) => [firstText(slice), textBehind(slice)]).toSorted(compareEnds);
  const starts = slices.map((slice, index) => ({ index, from: firstText(slice), to: textBehind(slice) })).toSorted((a, b) => compareKeys(a.from, b.from));
  let active: typeof starts = [];
  let next = 0;
  for (let at = 0; at + 1 < bounds.length; at += 1) {
    const [from, to] = [bounds[at] as TextBehind, bounds[at + 1] as TextBehind];
    if (from === null || compareEnds(from, to) === 0) continue;
    active = active.filter((one) => compareEnds(one.to, from) > 0);
    for (; next < starts.length && compareKeys((starts[next] as (typeof starts)[number]).from, from) <= 0; next += 1) {
      const start = starts[next] as (typeof starts)[number];
      if (compareEnds(start.to, from) > 0) active.push(start);
    }
    yield { from, to, slices: active.map(({ index }) => index) };
  }
}

/** A text of the stretch that both slices list; null where there is none. Each looks for its next until both agree. */
function sharedText({ from, to }: Stretch, a: KeySlice, b: KeySlice): string | null {
  for (let text = from; compareEnds(text, to) < 0; ) {
    const ofA = nextText(a, text);
    const ofBoth = ofA === null ? null : nextText(b, ofA);
    if (ofBoth === null || ofBoth === text) return ofBoth;
    text = ofBoth;
  }
  return null;
}

/** A text of the stretch that every one of the slices leaves out; null where there is none. */
function missedText({ from, to }: Stretch, slices: readonly KeySlice[]): string | null {
  const delimiters = slices.map(({ delimiter }) => delimiter).join('');
  if (slices.some(({ delimiter }) => delimiter === '')) return null;
  for (let text = from; compareEnds(text, to) < 0; text = `${text}\0`) {
    if (slices.every((slice) => isLeftOut(slice, text))) return text;
    if (compareEnds(text + delimiters, to) < 0) return text + delimiters;
  }
  return null;
}

function overlapsIn(stretch: Stretch, slices: readonly KeySlice[], known: Set<string>): readonly TilingFault[] {
  const faults: TilingFault[] = [];
  stretch.slices.forEach((first, at) => {
    for (const second of stretch.slices.slice(at + 1)) {
      const pair = `${Math.min(first, second)} ${Math.max(first, second)}`;
      const example = known.has(pair) ? null : sharedText(stretch, slices[first] as KeySlice, slices[second] as KeySlice);
      if (example === null) continue;
      known.add(pair);
      faults.push({ kind: 'overlap', first: Math.min(first, second), second: Math.max(first, second), example });
    }
  });
  return faults;
}

function gapIn(stretch: Stretch, slices: readonly KeySlice[]): TilingFault | null {
  const covering = stretch.slices.map((index) => slices[index] as KeySlice);
  const example = missedText(stretch, covering);
  if (example === null) return null;
  const alive = covering.filter((slice) => isTouched(stretch, slice));
  return { kind: 'gap', example, from: stretch.from, to: stretch.to, delimiters: [...new Set(alive.map(({ delimiter }) => delimiter))].toSorted() };
}

/** Whether the slice lists any text of the stretch. */
function isTouched({ from, to }: Stretch, slice: KeySlice): boolean {
  const text = nextText(slice, from);
  return text !== null && compareEnds(text, to) < 0;
}

/** Puts a gap to the one before it, where it goes on there in the same way. */
function addGap(gaps: TilingFault[], gap: TilingFault): void {
  const last = gaps.at(-1);
  if (last?.kind !== 'gap' || gap.kind !== 'gap' || last.to !== gap.from || last.delimiters.join() !== gap.delimiters.join()) gaps.push(gap);
  else gaps[gaps.length - 1] = { ...last, to: gap.to };
}

/**
 * The faults of a set of partitions: none means that every key of `whole` is in exactly one.
 *
 * @param whole - what must be covered; every key unless given
 * @param mostOverlaps - with so many it stops looking, for gaps too; default: it never does
 */
export function tilingFaults(slices: readonly KeySlice[], whole: KeySlice = EVERYTHING, mostOverlaps = Number.POSITIVE_INFINITY): readonly TilingFault[] {
  const [overlaps, gaps]: [TilingFault[], TilingFault[]] = [[], []];
  const known = new Set<string>();
  for (const stretch of stretchesOf(slices, whole)) {
    overlaps.push(...overlapsIn(stretch, slices, known));
    if (overlaps.length >= mostOverlaps) return overlaps;
    const isInside = compareKeys(stretch.from, firstText(whole)) >= 0 && compareEnds(stretch.from, textBehind(whole)) < 0;
    const gap = isInside ? gapIn(stretch, slices) : null;
    if (gap !== null) addGap(gaps, gap);
  }
  return [...overlaps, ...gaps];
}
