/** A few giant folders among many tiny ones: whoever looks at some folders and takes the others for alike sees nothing of most keys. */
import { decimalWidth, writeDecimal, writePhrase } from '../digits.ts';
import { type KeyForm, phrasesIn } from '../key-form.ts';
import type { KeyShape } from '../key-shape.ts';

const GIANTS = 7;
const KEYS_OF_A_TINY = 10;
/** One key in so many lies in a tiny folder. */
const TINY_SHARE = 100;
const MOST_TINY = 100_000;

/** Where a folder begins, and its number. */
interface Place {
  readonly folder: number;
  readonly within: number;
}

/** Blocks of tiny folders, each but the last followed by a giant: the giants lie at places that no even step meets. */
function places(count: number): { readonly folders: number; readonly largest: number; readonly placeOf: (index: number) => Place } {
  const tiny = Math.min(MOST_TINY, Math.max(1, Math.floor(count / TINY_SHARE / KEYS_OF_A_TINY)));
  const inGiants = Math.max(0, count - tiny * KEYS_OF_A_TINY);
  const tinyBefore = (giant: number): number => (giant >= GIANTS ? tiny : Math.floor((tiny * (giant * giant + giant + 1)) / (GIANTS * GIANTS + 2)));
  const giantBefore = (giant: number): number => Math.floor((inGiants * giant) / GIANTS);
  const placeOf = (index: number): Place => {
    let giant = 0;
    while (giant < GIANTS && index >= tinyBefore(giant) * KEYS_OF_A_TINY + giantBefore(giant + 1)) giant += 1;
    const inTiny = index - giantBefore(giant);
    if (inTiny < tinyBefore(giant) * KEYS_OF_A_TINY || giant >= GIANTS) {
      const tinies = Math.floor(inTiny / KEYS_OF_A_TINY);
      return { folder: tinies + giant, within: inTiny - tinies * KEYS_OF_A_TINY };
    }
    return { folder: tinyBefore(giant) + giant, within: inTiny - tinyBefore(giant) * KEYS_OF_A_TINY };
  };
  return { folders: tiny + GIANTS, largest: Math.max(KEYS_OF_A_TINY, Math.ceil(inGiants / GIANTS)), placeOf };
}

/** `tenant-000042/object-0000000017`: seven folders hold 99 of 100 keys, the others ten each. */
export function giantsShape(count: number, form: KeyForm): KeyShape {
  const phrase = phrasesIn(form);
  const [head, name] = [phrase('tenant-'), phrase('/object-')];
  const { folders, largest, placeOf } = places(count);
  const [folderWidth, width] = [Math.max(6, decimalWidth(folders)), Math.max(10, decimalWidth(largest))];
  const write: KeyShape['write'] = (index, into, at) => {
    const { folder, within } = placeOf(index);
    const end = writeDecimal(into, writePhrase(into, at, head), folder, folderWidth);
    return writeDecimal(into, writePhrase(into, end, name), within, width);
  };
  return { count, form, maximumBytes: head.length + folderWidth + name.length + width, write };
}
