/** A deep tree of folders, some 64 objects in each: what a data lake's jobs write. */
import { decimalWidth, writeDecimal, writePhrase } from '../digits.ts';
import { evenSpread } from '../even-spread.ts';
import { type KeyForm, phrasesIn } from '../key-form.ts';
import type { KeyShape } from '../key-shape.ts';

const LEVELS = 4;
const OBJECTS_PER_FOLDER = 64;

/** `team-03/project-17/run-00/stage-08/part-00042.parquet`: four levels with the same number of folders in each. */
export function deepShape(count: number, form: KeyForm): KeyShape {
  const phrase = phrasesIn(form);
  const [team, project, run, stage] = [phrase('team-'), phrase('/project-'), phrase('/run-'), phrase('/stage-')];
  const part = phrase('/part-');
  const tail = phrase('.parquet');
  const fan = Math.max(2, Math.round((count / OBJECTS_PER_FOLDER) ** (1 / LEVELS)));
  const spread = evenSpread(count, fan ** LEVELS);
  const fanWidth = Math.max(2, decimalWidth(fan - 1));
  const width = Math.max(5, decimalWidth(spread.largest - 1));
  const write: KeyShape['write'] = (index, into, at) => {
    const folder = spread.folderOf(index);
    const third = Math.floor(folder / fan);
    const second = Math.floor(third / fan);
    const first = Math.floor(second / fan);
    let end = writeDecimal(into, writePhrase(into, at, team), first, fanWidth);
    end = writeDecimal(into, writePhrase(into, end, project), second - first * fan, fanWidth);
    end = writeDecimal(into, writePhrase(into, end, run), third - second * fan, fanWidth);
    end = writeDecimal(into, writePhrase(into, end, stage), folder - third * fan, fanWidth);
    end = writeDecimal(into, writePhrase(into, end, part), index - spread.firstOf(index), width);
    return writePhrase(into, end, tail);
  };
  const names = team.length + project.length + run.length + stage.length + part.length + tail.length;
  return { count, form, maximumBytes: names + LEVELS * fanWidth + width, write };
}
