/** `carillon run REQUEST.json`: the state machine, on this machine. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { undiciTransport } from '../../emr-steps/s3/undici-transport.ts';
import type { LocalEnd } from '../../infra/local/engine/run-request.ts';
import { commandHelp } from '../arguments/help.ts';
import type { CliCommand } from '../arguments/option-table.ts';
import { readArguments } from '../arguments/read-arguments.ts';
import { SHOW_OPTIONS, WORK_OPTIONS } from '../arguments/run-options.ts';
import { EXIT, type Host } from '../host.ts';
import { runsFolder } from '../preflight/run-folder.ts';
import { choosePrinter } from '../printers/printer.ts';
import { readInputFile, readRequest } from './request-file.ts';
import { resumeHere } from './resume-hint.ts';
import { runCluster } from './run-cluster.ts';
import { clusterFacts } from './start-run.ts';

const PAIR_OPTION = { kind: 'text', value: 'NAME', meaning: 'the file is a config file, and this one of its pairs is meant' } as const;

const OPTIONS = { pair: PAIR_OPTION, 'run-dir': WORK_OPTIONS['run-dir'], partitions: WORK_OPTIONS.partitions, ...SHOW_OPTIONS } as const;

const COMMAND: CliCommand<typeof OPTIONS> = {
  name: 'run',
  meaning: 'Runs a request through the state machine that AWS runs, with a cluster of processes on this machine.',
  operands: ['REQUEST.json'],
  options: OPTIONS,
  notes: [
    'The smallest request is {"source":{"bucket":"a"},"destination":{"bucket":"b"}}; docs/ has its JSON Schema.',
    'Exit code 0: all well; 1: some object failed or the books do not balance; 2: the request was refused, nothing was started; 130: interrupted.',
  ],
};

/** The command's help. */
export function help(): string {
  return commandHelp(COMMAND);
}

/** Runs the command. @returns the exit code */
export async function run(words: readonly string[], host: Host): Promise<number> {
  const { operands, values } = readArguments(COMMAND, words);
  const request = await readRequest(operands[0] ?? '', values.pair);
  const partFile = values.partitions === undefined ? null : await readInputFile(values.partitions);
  const [{ runRequest }, { bucketReach }] = await Promise.all([import('../../infra/local/engine/run-request.ts'), import('../../infra/local/engine/reach.ts')]);
  const transport = undiciTransport({ connections: 2 });
  const printer = await choosePrinter(values, host);
  const end = await runRequest({
    request,
    partFile,
    root: host.root,
    runs: runsFolder(values['run-dir'], host.env),
    locks: join(host.env.XDG_STATE_HOME || join(host.env.HOME || homedir(), '.local', 'state'), 'carillon', 'locks'),
    cluster: clusterFacts(host.root),
    buckets: bucketReach({ env: host.env, transport }),
    clusterIn: (folder, _runId, emit) => runCluster(folder, host, emit),
    emit: printer.event,
    signal: host.signal,
  }).finally(async () => {
    printer.end();
    await transport.close();
  });
  return exitOf(end, host, values['run-dir']);
}

/** A refusal is bad input; its sentences are told one a line. */
function exitOf({ end, output, runId }: LocalEnd, host: Host, runs: string | undefined): number {
  if (end.status === 'SUCCEEDED') return EXIT.well;
  if (end.status === 'ABORTED') {
    host.stderr.write(`carillon: ${resumeHere(runId, runs)}\n`);
    return EXIT.interrupted;
  }
  const refused = end.error === 'Carillon.Refused';
  if (refused || output === null) for (const line of end.cause.split('\n')) host.stderr.write(`carillon: ${line}\n`);
  return refused ? EXIT.badInput : EXIT.failed;
}
