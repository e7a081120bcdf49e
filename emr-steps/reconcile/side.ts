/** The sides that reconcile and verify join, and the mapper that writes the side into each line. */
import { isSameDirectory } from '../hadoop/environment.ts';
import { RecordError } from '../records/record-error.ts';

/** All sides, as they stand in column 2. */
export const SIDES = ['to-copy', 'source', 'destination', 'ledger'] as const;

/**
 * `to-copy`: an object that was to be copied, `source`, `destination`: one that verify found listed, each as an ObjectRecord. `ledger`: what
 * became of one, as a LedgerRow.
 */
export type Side = (typeof SIDES)[number];

/** The input of a mapper is in none of the directories, or in two: its lines would be taken for what they are not. Final. */
export class UnknownSideError extends Error {
  override readonly name = 'UnknownSideError';
  readonly code = 'SIDE_UNKNOWN';
  readonly retryable = false;
}

/**
 * The side of the lines of one mapper, by the directory of its input file.
 *
 * @param directory - directory of `mapreduce_map_input_file`; null outside Hadoop
 * @param sides - the directories of each side that is joined, as `--to-copy`, `--ledger` and so on give them: several with commas between
 * @throws UnknownSideError where the directory is of none, or of two
 */
export function sideOf(directory: string | null, sides: Readonly<Partial<Record<Side, string | undefined>>>): Side {
  const joined = SIDES.filter((side) => side in sides);
  const allowed = joined.map((side) => `--${side} ${sides[side] ?? '(not given)'}`).join(' nor ');
  if (directory === null) throw new UnknownSideError('mapreduce_map_input_file is not set; outside Hadoop say which side the lines are with --side');
  const [side, other] = joined.filter((name) => (sides[name] ?? '\0').split(',').some((one) => isSameDirectory(directory, one)));
  if (side === undefined) throw new UnknownSideError(`the input lies in ${directory}, which is neither ${allowed}`);
  if (other !== undefined) throw new UnknownSideError(`the input lies in ${directory}, which is both ${allowed.replaceAll(' nor ', ' and ')}`);
  return side;
}

/** The mapper: `key TAB rest` becomes `key TAB side TAB rest`. @throws RecordError at a line without a TAB */
export function reconcileMapper(side: Side): (line: string) => string {
  const between = `\t${side}`;
  return (line) => {
    const tab = line.indexOf('\t');
    if (tab < 0) throw new RecordError('reconcile line', `${JSON.stringify(line.slice(0, 200))} is one column, at least two are needed`);
    return line.slice(0, tab) + between + line.slice(tab);
  };
}
