/** From the ends of the children to the output contract of a fan-out. Pure. */
import type { Books } from '../../emr-steps/books/books.ts';
import { addBooks, type FanOutChildOutput, type FanOutOutput } from '../../workflows/events/fan-out-output.ts';
import { RUN_OUTPUT_VERSION, type RunOutput, type RunStatus } from '../../workflows/events/run-output.ts';
import type { FanOutResult } from '../../workflows/plan/fan-out-state.ts';

/** What is known of a child. */
export interface EndedChild {
  readonly result: FanOutResult;
  readonly runId: string | null;
  /** Null where it never wrote one. */
  readonly output: RunOutput | null;
  /** Requests by S3 operation. */
  readonly requests: Readonly<Record<string, number>>;
  /** Why it failed; null: it did not, or nobody knows. */
  readonly cause: string | null;
}

/** Causes that the one line for people names. */
const NAMED_CAUSES = 3;

/** The contract. */
export function fanOutOutput(runId: string, runDirectory: string, ended: readonly EndedChild[]): FanOutOutput {
  const children = ended.map(childOf);
  const status = statusOf(children);
  return {
    version: RUN_OUTPUT_VERSION,
    runId,
    status,
    cause: status === 'succeeded' ? null : causeOf(children),
    runDirectory,
    source: sideOf(ended, 'source'),
    destination: sideOf(ended, 'destination'),
    books: sumOf(children),
    children,
  };
}

/** A run whose execution failed is no good one, whatever it wrote before. */
function childOf({ result, runId, output, cause }: EndedChild): FanOutChildOutput {
  const { child, execution, succeeded } = result;
  const written = output?.status ?? 'failed';
  return {
    child,
    execution,
    runId,
    status: written === 'succeeded' && !succeeded ? 'failed' : written,
    cause: cause ?? (written === 'failed' ? 'it left no output, and nobody knows why' : null),
    runDirectory: output?.runDirectory ?? null,
    books: output?.books ?? null,
  };
}

function statusOf(children: readonly FanOutChildOutput[]): RunStatus {
  if (children.some(({ status }) => status === 'failed')) return 'failed';
  return children.some(({ status }) => status === 'partial') ? 'partial' : 'succeeded';
}

function causeOf(children: readonly FanOutChildOutput[]): string {
  const bad = children.filter(({ status }) => status !== 'succeeded');
  const named = bad.slice(0, NAMED_CAUSES).map(({ child, status, cause }) => `${child} ${status}${cause === null ? '' : ` (${cause})`}`);
  return `${bad.length} of ${children.length} runs did not succeed: ${named.join('; ')}${bad.length > NAMED_CAUSES ? '; …' : ''}`;
}

/** Null where no run has books; they balance only where every run has its own. */
function sumOf(children: readonly FanOutChildOutput[]): Books | null {
  const [first, ...rest] = children.flatMap(({ books }) => books ?? []);
  if (first === undefined) return null;
  const sum = rest.reduce(addBooks, first);
  return { ...sum, balanced: sum.balanced && rest.length + 1 === children.length };
}

function sideOf(ended: readonly EndedChild[], side: 'source' | 'destination'): string {
  const places = [...new Set(ended.flatMap(({ output }) => output?.[side] ?? []))];
  return places.length === 1 ? (places[0] as string) : `${places.length} places`;
}
