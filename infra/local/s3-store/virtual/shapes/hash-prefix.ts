/** A hash of four digits before a counter: what was done to spread requests over many prefixes. */
import { decimalWidth, writeDecimal, writeHex16, writePhrase } from '../digits.ts';
import { evenSpread } from '../even-spread.ts';
import { type KeyForm, phrasesIn } from '../key-form.ts';
import type { KeyShape } from '../key-shape.ts';

const FOLDERS = 65_536;

/** `3fa2/events/event-0000000017.avro`: 65,536 folders. */
export function hashPrefixShape(count: number, form: KeyForm): KeyShape {
  const phrase = phrasesIn(form);
  const [name, tail] = [phrase('/events/event-'), phrase('.avro')];
  const spread = evenSpread(count, FOLDERS);
  const width = Math.max(10, decimalWidth(spread.largest - 1));
  const write: KeyShape['write'] = (index, into, at) => {
    const end = writePhrase(into, writeHex16(into, at, spread.folderOf(index)), name);
    return writePhrase(into, writeDecimal(into, end, index - spread.firstOf(index), width), tail);
  };
  return { count, form, maximumBytes: 4 + name.length + width + tail.length, write };
}
