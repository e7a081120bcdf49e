/** The diff of two listings, by the SELECT of all engines on DuckDB, under 4 GB. */
import { join } from 'node:path';
import type { DiffCounts } from '../../emr-steps/records/diff-counts.ts';
import { listInto } from './list-part.ts';
import { costs, counted, measuredJob, type ScaleFacts, type ScalePlace } from './scale-place.ts';

/** What the whole process may have, and what of it DuckDB counts itself: under 2.5e9 the process stood at 3.2e9, under 2e9 DuckDB ran out of memory. */
const MOST_BYTES = 4e9;
const DUCKDB_BYTES = 2.5e9;
/** Share of objects whose ETag is another. */
const CHANGED = 0.01;
/** What chance makes of the share among so many, four standard deviations. */
const tolerance = (rows: number) => 4 * Math.sqrt(rows * CHANGED);

/** Diffs two listings that were just made. */
export async function diffPart(rows: number, place: ScalePlace): Promise<ScaleFacts> {
  const [one, two] = [join(place.folder, 'one'), join(place.folder, 'two')];
  const source = await listInto(one, rows, false, place);
  const destination = await listInto(two, rows, false, place, `,changed=${CHANGED}`);
  const words = [source.report.output, destination.report.output, place.folder, String(DUCKDB_BYTES)];
  const { measurement, output } = await measuredJob(join(place.folder, 'diff'), 'diff-job.ts', words);
  const { missing, different, unchanged, extra } = JSON.parse(output) as DiffCounts;
  const adds = different.objects + unchanged.objects === rows && missing.objects === 0 && extra.objects === 0;
  const isExpected = Math.abs(different.objects - rows * CHANGED) <= tolerance(rows);
  const isSmall = measurement.memory < MOST_BYTES;
  return {
    isRight: adds && isExpected && isSmall,
    facts: [
      ['rows', `${counted(rows)} on each side`],
      ...costs(measurement),
      ['rows a second', counted((2 * rows) / measurement.wall)],
      ['unchanged', counted(unchanged.objects)],
      ['different', `${counted(different.objects)}${isExpected ? '' : ', not as made'}`],
      ['under 4 GB', isSmall ? 'yes' : 'no'],
    ],
  };
}
