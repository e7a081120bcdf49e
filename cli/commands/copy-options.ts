/** The options of `carillon copy`, and the request that they make. */
import { COPY_MODES } from '../../emr-steps/books/outcomes.ts';
import { type S3Location, sideOf, TWO_SIDE_OPTIONS, TWO_SIDES_NOTE } from '../arguments/connection-options.ts';
import { FIDELITY_OPTIONS, fidelityOf } from '../arguments/fidelity-options.ts';
import { FILTER_OPTIONS, filtersOf } from '../arguments/filter-options.ts';
import type { CliCommand, CliOptions, CliValues } from '../arguments/option-table.ts';
import { PACE_OPTIONS, paceOf } from '../arguments/pace-options.ts';
import { CLUSTER_OPTIONS, COMPARE_OPTION, SHOW_OPTIONS, WORK_OPTIONS } from '../arguments/run-options.ts';

const OPTIONS = {
  diff: { kind: 'flag', meaning: 'copy only what is missing at the destination or differs by ETag or size' },
  compare: COMPARE_OPTION,
  rounds: { kind: 'count', value: 'N', least: 1, meaning: 'times that what failed but may heal is tried, the first included; default 3' },
  verify: { kind: 'flag', meaning: 'list the destination again at the end, and compare it with the source and the ledger' },
  'dry-run': { kind: 'flag', meaning: 'list, compare and count; write nothing to S3' },
  mode: { kind: 'choice', choices: ['auto', ...COPY_MODES], meaning: 'auto: streaming where the sides have two sets of credentials, else inside S3' },
  'tolerated-failures': { kind: 'count', value: 'N', least: 0, meaning: 'objects that may fail while the command still ends with 0; default none' },
  ...FILTER_OPTIONS,
  ...FIDELITY_OPTIONS,
  ...WORK_OPTIONS,
  ...PACE_OPTIONS,
  ...CLUSTER_OPTIONS,
  ...SHOW_OPTIONS,
  ...TWO_SIDE_OPTIONS,
} as const satisfies CliOptions;

/** The command as its line is read. */
export const COPY_COMMAND: CliCommand<typeof OPTIONS> = {
  name: 'copy',
  meaning: 'Copies every object below one bucket and prefix to another; each keeps its ETag, metadata, tags and storage class.',
  operands: ['s3://SOURCE/PREFIX', 's3://DESTINATION/PREFIX'],
  options: OPTIONS,
  notes: [
    TWO_SIDES_NOTE,
    'A prefix is plain text that keys begin with: it is taken off at the source and put on at the destination. End it in / to mean a folder.',
    'carillon copy --resume RUN_ID [--run-dir DIR] [--cluster hadoop --cluster-dir URL] goes on with a run that was cut off: what its steps have finished stays, what was begun is looked for before it is done again.',
    'Exit code 0: all well; 1: some object failed or the books do not balance; 2: bad input, nothing was started; 130: interrupted.',
  ],
};

const RESUME_OPTIONS = {
  resume: { kind: 'text', value: 'RUN_ID', meaning: 'the run to go on with' },
  'run-dir': WORK_OPTIONS['run-dir'],
  ...CLUSTER_OPTIONS,
  ...SHOW_OPTIONS,
} as const satisfies CliOptions;

/** The command with `--resume`: all else is read from the run's directory. */
export const RESUME_COMMAND: CliCommand<typeof RESUME_OPTIONS> = {
  name: 'copy',
  meaning: 'Goes on with a run that was cut off.',
  operands: [],
  options: RESUME_OPTIONS,
  notes: [],
};

/** The request of a command line; the schema judges it. */
export function copyRequest(
  values: CliValues<typeof OPTIONS>,
  [source, destination]: readonly S3Location[],
  env: Readonly<Record<string, string | undefined>>,
): object {
  return {
    source: sideOf('source', source as S3Location, values, env),
    destination: sideOf('destination', destination as S3Location, values, env),
    diff: { engine: values.diff ? 'hive' : 'none', ...(values.compare && { compare: values.compare }) },
    filters: filtersOf(values).filters,
    copy: { ...(values.mode && { mode: values.mode }), ...fidelityOf(values) },
    work: { ...(values.mappers && { mappers: values.mappers }), ...(values.concurrency && { concurrency: values.concurrency }), ...paceOf(values) },
    ...(values.rounds && { rounds: values.rounds }),
    verify: values.verify,
    dryRun: values['dry-run'],
    ...(values['tolerated-failures'] && { toleratedFailures: values['tolerated-failures'] }),
  };
}
