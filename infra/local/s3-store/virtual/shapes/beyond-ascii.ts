/** Keys in many scripts, with characters of one to four bytes, whose UTF-8 order is not the order of their UTF-16 units. */
import { decimalWidth, type Phrase, writeDecimal, writePhrase } from '../digits.ts';
import { evenSpread } from '../even-spread.ts';
import { type KeyForm, phrasesIn } from '../key-form.ts';
import type { KeyShape } from '../key-shape.ts';

function inByteOrder(texts: readonly string[]): readonly string[] {
  return texts.toSorted((a, b) => Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8')));
}

const PLACES = inByteOrder([
  'Ærøskøbing',
  'Bogotá',
  'Łódź',
  'São Paulo',
  'Zürich',
  'Αθήνα',
  'Київ',
  'София',
  'Երևան',
  'ירושלים',
  'القاهرة',
  'काठमाण्डू',
  'กรุงเทพ',
  'თბილისი',
  'ቢትወደድ',
  '京都',
  '臺北',
  '서울',
  'ﾄｳｷｮｳ',
  '～end',
  '𐌰𐍄𐍄𐌰',
  '😀 smile',
  '🚀',
  '𠮷野家',
]);

/** Characters on each side of where UTF-8 and UTF-16 order part, so that a program that compares UTF-16 units loses keys. */
const LETTERS = inByteOrder([...'abcdefghäéîøßжщюяأحسकखग写真東海山川～￥﨑', '😀', '🎈', '🚀', '𝄞', '𠮷', '𐍈']);

/** `Zürich/é🚀/写真-000042.jpg`: a place, two letters, a number. */
export function beyondAsciiShape(count: number, form: KeyForm): KeyShape {
  const phrase = phrasesIn(form);
  const places = PLACES.map((place) => phrase(`${place}/`));
  const letters = LETTERS.map(phrase);
  const [name, tail] = [phrase('/写真-'), phrase('.jpg')];
  const radix = letters.length;
  const spread = evenSpread(count, places.length * radix * radix);
  const width = Math.max(6, decimalWidth(spread.largest - 1));
  const write: KeyShape['write'] = (index, into, at) => {
    const folder = spread.folderOf(index);
    const pair = (folder / radix) | 0;
    const place = (pair / radix) | 0;
    let end = writePhrase(into, at, places[place] as Phrase);
    end = writePhrase(into, end, letters[pair - place * radix] as Phrase);
    end = writePhrase(into, end, letters[folder - pair * radix] as Phrase);
    end = writeDecimal(into, writePhrase(into, end, name), index - spread.firstOf(index), width);
    return writePhrase(into, end, tail);
  };
  const longest = (phrases: readonly Phrase[]) => Math.max(...phrases.map(({ length }) => length));
  return { count, form, maximumBytes: longest(places) + 2 * longest(letters) + name.length + width + tail.length, write };
}
