/** One long common prefix before everything that differs: a splitter that guesses from the first bytes sees nothing. */
import { decimalWidth, writeDecimal, writePhrase } from '../digits.ts';
import { type KeyForm, phrasesIn } from '../key-form.ts';
import type { KeyShape } from '../key-shape.ts';

const PREFIX =
  'warehouse/production/eu-central-1/customers/4f1c9ad7e2b84a0d9c3e5b6a7f801234/exports/daily/full/snapshots/orders-and-order-lines/format=parquet/version=3/block-';

/** 160 bytes that all keys share, then ten digits. */
export function longPrefixShape(count: number, form: KeyForm): KeyShape {
  const head = phrasesIn(form)(PREFIX);
  const width = Math.max(10, decimalWidth(count - 1));
  return { count, form, maximumBytes: head.length + width, write: (index, into, at) => writeDecimal(into, writePhrase(into, at, head), index, width) };
}
