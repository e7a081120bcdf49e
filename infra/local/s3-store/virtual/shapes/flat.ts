/** Decimal numbers in one flat key space: what a counter in an application leaves behind. */
import { decimalWidth, writeDecimal, writePhrase } from '../digits.ts';
import { type KeyForm, phrasesIn } from '../key-form.ts';
import type { KeyShape } from '../key-shape.ts';

/** `object-000000000042.json`: twelve digits. */
export function flatShape(count: number, form: KeyForm): KeyShape {
  const phrase = phrasesIn(form);
  const head = phrase('object-');
  const tail = phrase('.json');
  const width = Math.max(12, decimalWidth(count - 1));
  return {
    count,
    form,
    maximumBytes: head.length + width + tail.length,
    write: (index, into, at) => writePhrase(into, writeDecimal(into, writePhrase(into, at, head), index, width), tail),
  };
}
