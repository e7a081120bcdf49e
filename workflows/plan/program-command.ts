/** The commands of the programs, as `-mapper` and `-reducer` take them. Options come from the one table that the programs read. */
import { type CONNECTION_OPTIONS, PROGRAM_OPTIONS, type ProgramName } from '../../emr-steps/records/program-options.ts';
import { encodeOptions, type OptionInput } from '../../emr-steps/records/step-arguments.ts';
import { statisticsOf } from '../../emr-steps/run-directory/layout.ts';
import type { RunSide } from '../request/side.ts';
import type { RunFacts } from './run-facts.ts';
import type { RunProgress, StepId } from './run-progress.ts';
import { stepKey } from './step-places.ts';

type ConnectionInput = OptionInput<typeof CONNECTION_OPTIONS>;
type OfSide<P extends string> = { readonly [K in keyof ConnectionInput & string as `${P}${K}`]: ConnectionInput[K] };

/** `node/run.sh` chooses the binary of the node's architecture. */
export function programCommand<P extends ProgramName>(program: P, options: OptionInput<(typeof PROGRAM_OPTIONS)[P]>): string {
  return ['node/run.sh', `${program}.js`, ...programArguments(program, options)].join(' ');
}

/** The options of a program as words. */
export function programArguments<P extends ProgramName>(program: P, options: OptionInput<(typeof PROGRAM_OPTIONS)[P]>): readonly string[] {
  return encodeOptions(PROGRAM_OPTIONS[program], options);
}

/** How to reach a side. A profile names a file of this machine and never goes to a cluster. */
export function connectionOptions(side: RunSide, kind: RunFacts['cluster']['kind']): ConnectionInput {
  return {
    bucket: side.bucket,
    prefix: side.prefix,
    region: side.region,
    'endpoint-url': side.endpointUrl,
    'addressing-style': side.addressingStyle,
    profile: kind === 'local' ? side.profile : undefined,
    'role-arn': side.role?.arn,
    'external-id': side.role?.externalId,
    'sts-region': side.role?.stsRegion,
    'expected-bucket-owner': side.expectedOwner,
    'request-payer': side.requestPayer,
    'no-sign-request': side.anonymous,
  };
}

/** Both sides, of a program that speaks to both. */
export function twoSides({ request, cluster }: RunFacts): OfSide<'source-'> & OfSide<'destination-'> {
  return {
    ...ofSide('source-', connectionOptions(request.source, cluster.kind)),
    ...ofSide('destination-', connectionOptions(request.destination, cluster.kind)),
  };
}

function ofSide<P extends string>(prefix: P, options: ConnectionInput): OfSide<P> {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [`${prefix}${name}`, value])) as OfSide<P>;
}

/** What every program that sends requests is told. */
export function runOptions({ request, runId, runDirectory, startedAt }: RunFacts, progress: RunProgress, step: StepId) {
  return {
    'run-id': runId,
    'run-started-at': startedAt === undefined ? undefined : new Date(startedAt),
    round: progress.round,
    try: progress.tries[step],
    'max-attempts': request.work.maxAttempts,
    'max-requests-per-second': request.work.maxRequestsPerSecond,
    statistics: `${runDirectory}/${statisticsOf(stepKey(step, progress.round), progress.tries[step])}`,
    'dry-run': request.dryRun,
  } as const;
}
