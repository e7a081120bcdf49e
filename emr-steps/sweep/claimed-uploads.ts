/**
 * Uploads that a run claims: those that its tasks name, finished tries or not. Where no session tells runs apart, an open upload that another
 * open run claims is that run's; and while another run plans into the same keys, what no task names yet may be anybody's.
 */
import { decodeText } from '../records/text.ts';
import type { RunDirectory } from '../run-directory/run-directory.ts';

/** Whose tasks are looked through. */
export interface Claims {
  /** This run's directory, where only what its own tasks name is its own; null: everything is that nobody else claims. */
  readonly own: RunDirectory | null;
  /** Other open runs that write to the same bucket. */
  readonly others: readonly RunDirectory[];
}

/** Column of the upload id in a CopyTask. */
const UPLOAD_ID = 6;
const TASKS = /^rounds\/\d+\/tasks\//;
const LINE_FEED = 10;

/** Those of the candidates that are this run's. */
export async function unclaimed(candidates: ReadonlySet<string>, { own, others }: Claims): Promise<ReadonlySet<string>> {
  const mine = own === null ? new Set(candidates) : await claimedBy(own, candidates);
  for (const other of others) for (const id of mine.size === 0 ? [] : await claimedBy(other, mine)) mine.delete(id);
  return mine;
}

/** Those of the upload ids that the run's tasks name. */
export async function claimedBy(run: RunDirectory, uploadIds: ReadonlySet<string>): Promise<Set<string>> {
  const found = new Set<string>();
  for (const { path } of (await run.list('rounds')).filter((file) => TASKS.test(file.path))) {
    for await (const line of linesOf(run.openRead(path))) {
      const column = line.split('\t')[UPLOAD_ID];
      // A line of a try that was cut off may be half a line: what is no upload id is none of the candidates.
      const id = column === undefined ? null : decoded(column);
      if (id !== null && uploadIds.has(id)) found.add(id);
    }
  }
  return found;
}

function decoded(column: string): string | null {
  try {
    return decodeText(column);
  } catch {
    return null;
  }
}

async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = Buffer.concat([rest, chunk]);
    const end = bytes.lastIndexOf(LINE_FEED) + 1;
    if (end > 0) yield* bytes.toString('utf8', 0, end - 1).split('\n');
    rest = bytes.subarray(end);
  }
  if (rest.length > 0) yield rest.toString('utf8');
}
