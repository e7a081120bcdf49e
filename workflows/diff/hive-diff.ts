/**
 * The diff's SELECT as a Hive script. What a `-d` can't say, the kind of join and what is compared, is a script of its own, so that each
 * holds the SELECT as it is; `make build` writes them. Measured on Hive 3.1.3 on Tez, as EMR 7 has it:
 *
 * - Tables are temporary and external, carry the run in their names, and are dropped at both ends: a metastore outlives a step, and with
 *   Glue a temporary table is a permanent one.
 * - One join, several inserts. `counts` has no GROUP BY and so one line always, while a folder of rows may hold no file at all.
 * - The output is fresh: on Tez an empty result leaves old files as they are.
 * - No NULL DEFINED AS: `\N` is the default, and `'\N'` in HiveQL is the letter N.
 */
import { type Comparison, countColumns, destinationColumn, diffSelect, hasVerdict, TO_COPY, type Verdict } from './diff-select.ts';
import { DIFF_COLUMNS, LISTING_COLUMNS, type ListingColumn } from './listing-columns.ts';

/** Which of the scripts. */
export interface HiveScript {
  readonly extras: boolean;
  readonly compare: Comparison;
}

/** Every script that a run may ask for. */
export const HIVE_SCRIPTS: readonly HiveScript[] = [
  { extras: false, compare: 'etag' },
  { extras: true, compare: 'etag' },
  { extras: false, compare: 'size' },
  { extras: true, compare: 'size' },
];

/** Name of the script's file. */
export function hiveScriptFile({ extras, compare }: HiveScript): string {
  return `diff-${compare}${extras ? '-extras' : ''}.hql`;
}

const SOURCE_TABLE = 'carillon_source_${RUN}';
const DESTINATION_TABLE = 'carillon_destination_${RUN}';

function drop(table: string): string {
  return `DROP TABLE IF EXISTS ${table};`;
}

function create(table: string, location: string): string {
  return `CREATE TEMPORARY EXTERNAL TABLE ${table} (
  ${LISTING_COLUMNS.map((column) => `${column} STRING`).join(', ')}
) ROW FORMAT DELIMITED FIELDS TERMINATED BY '\\t' LINES TERMINATED BY '\\n' STORED AS TEXTFILE LOCATION '\${${location}}';`;
}

function insert(folder: string, columns: readonly string[], verdicts: readonly Verdict[] | null): string {
  const where = verdicts === null ? '' : ` WHERE ${hasVerdict(verdicts)}`;
  return `INSERT OVERWRITE DIRECTORY '\${OUTPUT}/${folder}'
  ROW FORMAT DELIMITED FIELDS TERMINATED BY '\\t' STORED AS TEXTFILE
  SELECT ${columns.join(', ')}${where}`;
}

/** Columns of the extra rows: the destination's, and the verdict. */
const EXTRA_COLUMNS = DIFF_COLUMNS.map((column) => (column === 'verdict' ? column : destinationColumn(column satisfies ListingColumn)));

/** The text of the script. Its variables are RUN, SOURCE, DESTINATION and OUTPUT. */
export function hiveScript({ extras, compare }: HiveScript): string {
  const select = diffSelect({ source: SOURCE_TABLE, destination: DESTINATION_TABLE, extras, compare });
  const sizes = (verdict: Verdict): string => (extras && verdict === 'extra' ? destinationColumn('size') : 'size');
  const inserts = [
    insert('to-copy', DIFF_COLUMNS, TO_COPY),
    ...(extras ? [insert('extra', EXTRA_COLUMNS, ['extra'])] : []),
    insert('counts', countColumns(sizes), null),
  ];
  return [
    `-- Two listings compared by ${compare === 'etag' ? 'ETag and size' : 'size'}${extras ? ', with what is extra at the destination' : ''}.`,
    '-- hive-script --run-hive-script --args -f <this> -d RUN=<letters, digits, _> -d SOURCE=<folder> -d DESTINATION=<folder> -d OUTPUT=<fresh folder>',
    '-- The cost-based planner cannot plan IS DISTINCT FROM, and says so with a stack trace.',
    'SET hive.cbo.enable=false;',
    'SET hive.exec.compress.output=false;',
    drop(SOURCE_TABLE),
    drop(DESTINATION_TABLE),
    create(SOURCE_TABLE, 'SOURCE'),
    create(DESTINATION_TABLE, 'DESTINATION'),
    `FROM (\n${select}\n) j`,
    `${inserts.join('\n')};`,
    drop(SOURCE_TABLE),
    drop(DESTINATION_TABLE),
    '',
  ].join('\n');
}
