/** Runs the list program, with the arguments that a cluster would give it, in this process: a second Node would cost 30 to 100 ms and 60 MB. */
import { main as listObjects } from '../../emr-steps/bin/list-objects.ts';
import { connectionOptions, programArguments } from '../../workflows/plan/program-command.ts';
import { runIdOf } from '../../workflows/plan/run-id.ts';
import { below, parsePartitionFile, partitionLines, WHOLE_PREFIX } from '../../workflows/request/partition-file.ts';
import { parseSide, type RunSide } from '../../workflows/request/side.ts';
import { type S3Location, sideOf } from '../arguments/connection-options.ts';
import { EXIT, type Host } from '../host.ts';
import { checkAll } from '../preflight/preflight-error.ts';
import { reachedSide } from '../preflight/reached-side.ts';
import { readPartFile } from '../preflight/read-partitions.ts';
import { choosePrinter } from '../printers/printer.ts';
import { pipeProgram } from './pipe-program.ts';

/** What is to be listed, and how it is shown. */
export interface ListOrder {
  readonly location: S3Location;
  readonly values: Readonly<Record<string, string | number | boolean | undefined>> & { readonly json: boolean; readonly quiet: boolean };
  readonly host: Host;
}

const STEP = 'list-objects';

/** Lists. @returns the exit code */
export async function listBucket({ location, values, host }: ListOrder): Promise<number> {
  const asked = parseSide('source', sideOf(null, location, values, host.env));
  const runId = runIdOf(new Date(), String(process.pid));
  const [side, partFile] = await checkAll([reachedSide('source', asked, runId, host), readPartFile(values.partitions as string | undefined)]);
  const partitions = partFile === null ? [WHOLE_PREFIX] : parsePartitionFile(partFile);
  const printer = await choosePrinter(values, host);
  const begun = performance.now();
  const args = listArguments(side, runId, values.concurrency as number | undefined);
  const at = () => new Date().toISOString();
  printer.event({ type: 'step.started', at: at(), step: STEP, args });
  const end = await pipeProgram({
    program: listObjects,
    args,
    input: partitionLines(partitions.map((slice) => below(side.prefix, slice))),
    output: values.output as string | undefined,
    host,
    onProgress: (progress) => printer.event({ type: 'step.progress', at: at(), step: STEP, progress }),
  });
  if (end.cause !== null) printer.event({ type: 'step.failed', at: at(), step: STEP, cause: end.cause, log: end.log });
  else printer.event({ type: 'step.finished', at: at(), step: STEP, progress: end.progress, seconds: (performance.now() - begun) / 1000 });
  printer.end();
  if (host.signal.aborted) return EXIT.interrupted;
  return end.cause === null ? EXIT.well : EXIT.failed;
}

/** Without a prefix the relative keys of the lines are whole; the partitions carry it instead. */
function listArguments(side: RunSide, runId: string, concurrency: number | undefined): readonly string[] {
  return programArguments(STEP, { ...connectionOptions({ ...side, prefix: '' }, 'local'), 'run-id': runId, concurrency });
}
