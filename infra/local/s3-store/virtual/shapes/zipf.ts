/** Folders of very unequal size: a few hold most of the keys, as customers of a shared bucket do. */
import { decimalWidth, writeDecimal, writePhrase } from '../digits.ts';
import { type KeyForm, phrasesIn } from '../key-form.ts';
import type { KeyShape } from '../key-shape.ts';
import { mixWith } from '../mix.ts';

const FOLDERS = 1000;

/** Place of the first key of each folder, then the count: folder sizes fall with 1 / rank, the ranks are dealt out at random. */
function firstKeys(count: number): Float64Array {
  const folders = Array.from({ length: FOLDERS }, (_, folder) => folder);
  const byRank = folders.toSorted((a, b) => mixWith(a, 0x7a697066) - mixWith(b, 0x7a697066));
  const weights = new Float64Array(FOLDERS);
  byRank.forEach((folder, rank) => {
    weights[folder] = 1 / (rank + 1);
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const first = new Float64Array(FOLDERS + 1);
  let sum = 0;
  weights.forEach((weight, folder) => {
    first[folder] = Math.round((sum / total) * count);
    sum += weight;
  });
  first[FOLDERS] = count;
  return first;
}

/** Finds the folder of a place; remembers the last one, since keys are mostly written in order. */
function folderFinder(first: Float64Array): (index: number) => number {
  let last = 0;
  return (index) => {
    if (index >= (first[last] as number) && index < (first[last + 1] as number)) return last;
    let low = 0;
    let high = FOLDERS;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((first[middle] as number) <= index) low = middle;
      else high = middle;
    }
    last = low;
    return low;
  };
}

/** `customer-0042/file-0000000017.bin`: a thousand folders. */
export function zipfShape(count: number, form: KeyForm): KeyShape {
  const phrase = phrasesIn(form);
  const [head, name, tail] = [phrase('customer-'), phrase('/file-'), phrase('.bin')];
  const first = firstKeys(count);
  const folderOf = folderFinder(first);
  const width = Math.max(10, decimalWidth(count - 1));
  const write: KeyShape['write'] = (index, into, at) => {
    const folder = folderOf(index);
    const end = writeDecimal(into, writePhrase(into, at, head), folder, 4);
    return writePhrase(into, writeDecimal(into, writePhrase(into, end, name), index - (first[folder] as number), width), tail);
  };
  return { count, form, maximumBytes: head.length + 4 + name.length + width + tail.length, write };
}
