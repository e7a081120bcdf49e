/**
 * Whether a diff's output can be true. Engines leave empty folders behind after a failed join, keep old files where the new result is
 * empty, read a gzip file that was cut short as if whole, and multiply rows of a key that is listed twice. Pure.
 */
import type { DiffCounts } from '../../emr-steps/records/diff-counts.ts';

/** Lines that were counted without the engine. Null where nobody counted. */
export interface CountedLines {
  readonly source: number | null;
  readonly destination: number | null;
  readonly toCopy: number | null;
  readonly extra: number | null;
}

/** What does not fit, each as a sentence; nothing where all is well. */
export function diffContradictions(counts: DiffCounts, lines: CountedLines, extras: boolean): readonly string[] {
  const { missing, different, unchanged, extra, invalid } = counts;
  const both = different.objects + unchanged.objects;
  const problems: string[] = [];
  const compare = (counted: number | null, verdicts: number, what: string, cause: string): void => {
    if (counted !== null && counted !== verdicts) problems.push(`${counted} ${what}, but the verdicts make ${verdicts}: ${cause}`);
  };
  if (invalid > 0) problems.push(`${invalid} rows have no key: a listing is damaged`);
  compare(lines.source, missing.objects + both, 'lines are in the listing of the source', 'a file was cut short, or a key is listed twice at the destination');
  if (extras)
    compare(
      lines.destination,
      both + extra.objects,
      'lines are in the listing of the destination',
      'a file was cut short, or a key is listed twice in the source',
    );
  compare(lines.toCopy, missing.objects + different.objects, 'rows are to be copied', 'the rows are not of this diff');
  compare(lines.extra, extra.objects, 'rows are extra', 'the rows are not of this diff');
  return problems;
}
