/** `carillon estimate REQUEST.json`. */
import type { BucketShape } from '../../workflows/estimate/bucket-shape.ts';
import type { Capacity } from '../../workflows/estimate/run-hours.ts';
import { commandHelp } from '../arguments/help.ts';
import type { CliValues } from '../arguments/option-table.ts';
import { readArguments } from '../arguments/read-arguments.ts';
import { EXIT, type Host } from '../host.ts';
import { ESTIMATE_COMMAND } from './estimate-options.ts';

type Values = CliValues<(typeof ESTIMATE_COMMAND)['options']>;

/** From here on a listing is worth a task a core. */
const MANY_OBJECTS = 1_000_000;

/** The command's help. */
export function help(): string {
  return commandHelp(ESTIMATE_COMMAND);
}

/** Runs the command. @returns the exit code */
export async function run(words: readonly string[], host: Host): Promise<number> {
  const { operands, values } = readArguments(ESTIMATE_COMMAND, words);
  const [{ readRequest }, { parseRequest }, { shapeOf }, { readPrices }, { estimateRun }] = await Promise.all([
    import('./request-file.ts'),
    import('../../workflows/request/parse-request.ts'),
    import('./estimate-shape.ts'),
    import('./price-file.ts'),
    import('../../workflows/estimate/estimate-run.ts'),
  ]);
  const request = parseRequest(await readRequest(operands[0] as string, values.pair));
  const [shape, prices] = [await shapeOf(values), await readPrices(values.prices)];
  const capacity = await capacityOf(values);
  const estimate = estimateRun({ request, shape, listTasks: listTasks(values, shape, capacity), capacity, prices });
  host.stdout.write(values.json ? `${JSON.stringify({ shape, capacity, ...estimate })}\n` : await textOf(estimate));
  return EXIT.well;
}

async function textOf(estimate: Parameters<typeof import('../printers/estimate-text.ts').estimateText>[0]): Promise<string> {
  return (await import('../printers/estimate-text.ts')).estimateText(estimate);
}

function listTasks({ mappers }: Values, { objects }: BucketShape, { cores }: Capacity): number {
  return mappers ?? (objects < MANY_OBJECTS ? 1 : cores);
}

async function capacityOf({ cores, nodes, prefixes, latency }: Values): Promise<Capacity> {
  const { DEFAULT_CAPACITY } = await import('../../workflows/estimate/run-hours.ts');
  return {
    ...DEFAULT_CAPACITY,
    ...(cores !== undefined && { cores, requestsAtOnce: (DEFAULT_CAPACITY.requestsAtOnce / DEFAULT_CAPACITY.cores) * cores }),
    ...(nodes !== undefined && { nodes }),
    ...(prefixes !== undefined && { prefixes }),
    ...(latency !== undefined && { latencyMilliseconds: latency }),
  };
}
