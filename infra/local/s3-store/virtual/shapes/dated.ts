/** Keys by date and hour in Hive's style: what log shippers write. */
import { decimalWidth, type Phrase, writeDecimal, writeHex32, writePair, writePhrase } from '../digits.ts';
import { evenSpread } from '../even-spread.ts';
import { type KeyForm, phrasesIn } from '../key-form.ts';
import type { KeyShape } from '../key-shape.ts';
import { mixWith } from '../mix.ts';

const FIRST_DAY = Date.UTC(2023, 0, 1);
/** Three years, one of them a leap year. */
const DAYS = 1096;
const DAY_MILLISECONDS = 86_400_000;

function hourFolder(day: number): string {
  const [year, month, date] = new Date(FIRST_DAY + day * DAY_MILLISECONDS).toISOString().slice(0, 10).split('-');
  return `logs/year=${year}/month=${month}/day=${date}/hour=`;
}

/** `logs/year=2023/month=05/day=17/hour=09/part-000042-0f3a5b7c.json.gz`: every hour of three years. */
export function datedShape(count: number, form: KeyForm): KeyShape {
  const phrase = phrasesIn(form);
  const days = Array.from({ length: DAYS }, (_, day) => phrase(hourFolder(day)));
  const [part, dash, tail] = [phrase('/part-'), phrase('-'), phrase('.json.gz')];
  const spread = evenSpread(count, DAYS * 24);
  const width = Math.max(6, decimalWidth(spread.largest - 1));
  const write: KeyShape['write'] = (index, into, at) => {
    const hour = spread.folderOf(index);
    const day = (hour / 24) | 0;
    let end = writePair(into, writePhrase(into, at, days[day] as Phrase), hour - day * 24);
    end = writeDecimal(into, writePhrase(into, end, part), index - spread.firstOf(index), width);
    end = writeHex32(into, writePhrase(into, end, dash), mixWith(index, 0x64617465));
    return writePhrase(into, end, tail);
  };
  const longest = (days[0] as Phrase).length + 2 + part.length + width + dash.length + 8 + tail.length;
  return { count, form, maximumBytes: longest, write };
}
