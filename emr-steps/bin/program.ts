/**
 * What all programs have in common: arguments from the table, the context, statistics, S3 clients, and one readable line for whatever ends
 * them. A program is a function of given streams, so that tests run it in process.
 */
import type { Readable, Writable } from 'node:stream';
import { type ProgramContext, stepContext } from '../hadoop/context.ts';
import type { Environment } from '../hadoop/environment.ts';
import { reportStatistics } from '../hadoop/statistics-report.ts';
import { PROGRAM_OPTIONS, type ProgramName } from '../records/program-options.ts';
import { decodeOptions, type OptionTable, type OptionValues } from '../records/step-arguments.ts';
import type { S3Client } from '../s3/s3-client.ts';
import type { Connect, ConnectionValues, Connector, ConnectSettings, OtherSide } from './connect.ts';
import { errorLines, exitCodeOf } from './explain-error.ts';
import { helpText } from './help.ts';
import { statisticsWriter } from './statistics-writer.ts';

/** What a test may put in the place of the real thing. */
export interface ProgramBindings {
  /** Makes S3 clients. Default `s3Connector`, loaded when the first client is asked for. */
  readonly connect: Connect;
  /** Aborted when the process is told to end. Default: never. */
  readonly signal: AbortSignal;
  /** Whether the process that feeds standard input is still there. Default: it is. */
  readonly isFed: () => boolean;
  /** Default: the system's clock. */
  readonly now: () => Date;
}

/** A program: its arguments without its name, its environment and streams. Resolves to the exit code; never rejects. */
export type ProgramMain = (
  argv: readonly string[],
  env: Environment,
  stdin: Readable,
  stdout: Writable,
  stderr: Writable,
  bindings?: Partial<ProgramBindings>,
) => Promise<number>;

/** What the work of a program `P` is given. */
export interface ProgramRun<P extends ProgramName> {
  readonly options: OptionValues<(typeof PROGRAM_OPTIONS)[P]>;
  readonly context: ProgramContext;
  readonly env: Environment;
  readonly stdin: Readable;
  readonly stdout: Writable;
  /** Whether the process that feeds standard input is still there. */
  readonly isFed: () => boolean;
  /** The client of a side; clients share their connections and are closed when the program ends. */
  connect(side: ConnectionValues, other?: OtherSide): Promise<S3Client>;
}

/** Options that not every program has. */
interface CommonOptions {
  readonly 'run-id': string;
  readonly round?: number;
  readonly try?: number;
  readonly concurrency?: number;
  readonly statistics: string | undefined;
  readonly 'dry-run'?: boolean;
  readonly 'request-timeout-seconds'?: number;
  readonly 'max-attempts'?: number;
  readonly 'max-requests-per-second'?: number;
}

/** The program `name` that does `work`. `--help` prints its options. */
export function programMain<P extends ProgramName>(name: P, work: (run: ProgramRun<P>) => Promise<void>): ProgramMain {
  const table: OptionTable = PROGRAM_OPTIONS[name];
  return async (argv, env, stdin, stdout, stderr, bindings = {}) => {
    try {
      if (argv.includes('--help')) {
        stdout.write(helpText(name, table));
        return 0;
      }
      const options = decodeOptions(table, argv) as unknown as CommonOptions & ProgramRun<P>['options'];
      const signal = bindings.signal ?? new AbortController().signal;
      await runProgram(name, work, options, {
        env,
        stdin,
        stdout,
        stderr,
        signal,
        now: bindings.now,
        connect: bindings.connect ?? null,
        isFed: bindings.isFed ?? (() => true),
      });
      return 0;
    } catch (error) {
      for (const line of errorLines(name, error)) stderr.write(`${line}\n`);
      return exitCodeOf(error);
    }
  };
}

interface Surroundings {
  readonly env: Environment;
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly signal: AbortSignal;
  readonly now: (() => Date) | undefined;
  readonly isFed: () => boolean;
  /** Null: the real one. */
  readonly connect: Connect | null;
}

async function runProgram<P extends ProgramName>(
  name: P,
  work: (run: ProgramRun<P>) => Promise<void>,
  options: CommonOptions & ProgramRun<P>['options'],
  around: Surroundings,
): Promise<void> {
  const context = contextOf(name, options, around);
  const connector = lazyConnector(around.connect, connectSettings(name, options, context, around.env));
  const report = reportStatistics({
    statistics: context.statistics,
    reporter: context.reporter,
    write: options.statistics === undefined ? null : statisticsWriter(options.statistics, connector, around.env),
    onWriteError: (error) => around.stderr.write(`statistics cannot be written to ${options.statistics}: ${String(error)}\n`),
  });
  let finished = false;
  try {
    const { env, stdin, stdout, isFed } = around;
    await work({ options, context, env, stdin, stdout, isFed, connect: (side, other) => connector.connect(side, other) });
    finished = true;
  } finally {
    await report.stop(finished);
    await connector.close();
  }
}

/** A program that speaks to no bucket loads no HTTP. */
function lazyConnector(connect: Connect | null, settings: ConnectSettings): Connector {
  let made: Promise<Connector> | null = null;
  const make = async (): Promise<Connector> => (connect ?? (await import('./connect.ts')).s3Connector)(settings);
  return {
    async connect(side, other) {
      made ??= make();
      return await (await made).connect(side, other);
    },
    async close() {
      await (await made)?.close();
    },
  };
}

function contextOf(program: string, options: CommonOptions, around: Surroundings): ProgramContext {
  return stepContext({
    program,
    env: around.env,
    stderr: around.stderr,
    signal: around.signal,
    round: options.round ?? 1,
    try: options.try ?? 1,
    dryRun: options['dry-run'] ?? false,
    ...(around.now !== undefined && { now: around.now }),
  });
}

function connectSettings(program: string, options: CommonOptions, context: ProgramContext, env: Environment): ConnectSettings {
  return {
    env,
    signal: context.signal,
    userAgent: `carillon/1 program/${program} run/${options['run-id']}`,
    runId: options['run-id'],
    concurrency: options.concurrency ?? 1,
    maxAttempts: options['max-attempts'] ?? 3,
    requestTimeoutMilliseconds: (options['request-timeout-seconds'] ?? 60) * 1000,
    maxRequestsPerSecond: options['max-requests-per-second'] ?? 0,
    observe: ({ operation, code }) => {
      context.statistics.request(operation);
      if (code !== null) context.statistics.error(code);
    },
  };
}
