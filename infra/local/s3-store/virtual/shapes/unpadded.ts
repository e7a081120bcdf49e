/** Numbers without leading zeros, so that names have mixed lengths and 10 stands before 2: what a careless counter leaves behind. */
import { decimalWidth, writeNumber, writePhrase } from '../digits.ts';
import { type KeyForm, phrasesIn } from '../key-form.ts';
import type { KeyShape } from '../key-shape.ts';

/** How many of the numbers 1 to `count` are written with `head` at their beginning. */
function beginningWith(head: number, count: number): number {
  let total = 0;
  for (let [low, high] = [head, head + 1]; low <= count; low *= 10, high *= 10) total += Math.min(high, count + 1) - low;
  return total;
}

/** The number at a place of the order in which a number stands before all that begin with it. */
export function numberAt(index: number, count: number): number {
  let number = 1;
  for (let rest = index; rest > 0; ) {
    const block = beginningWith(number, count);
    if (rest >= block) {
      rest -= block;
      number += 1;
    } else {
      rest -= 1;
      number *= 10;
    }
  }
  return number;
}

/** `photos/IMG_1.jpg` to `photos/IMG_<count>.jpg`: the dot stands before every digit, so that the shorter number comes first. */
export function unpaddedShape(count: number, form: KeyForm): KeyShape {
  const phrase = phrasesIn(form);
  const [head, tail] = [phrase('photos/IMG_'), phrase('.jpg')];
  const write: KeyShape['write'] = (index, into, at) => writePhrase(into, writeNumber(into, writePhrase(into, at, head), numberAt(index, count)), tail);
  return { count, form, maximumBytes: head.length + decimalWidth(count) + tail.length, write };
}
