/** How far the steps under way are, from the statistics that their task attempts write every few seconds. */
import type { TaskStatistics } from '../../emr-steps/books/task-statistics.ts';
import { statisticsOf } from '../../emr-steps/run-directory/layout.ts';
import type { RunDirectory } from '../../emr-steps/run-directory/run-directory.ts';
import type { RunEvent, StepProgress } from '../../workflows/events/run-event.ts';

/** The step whose rows a step gets, where it has just one. */
const INPUTS: Readonly<Record<string, string>> = { 'plan-parts': 'list-source', 'copy-objects': 'plan-parts', 'complete-uploads': 'copy-objects' };

/** The steps of a run that is followed. */
export class WatchedSteps {
  /** Steps under way by name, such as `copy-objects.r1.t1`, with the records that they will get. */
  readonly #open = new Map<string, number | null>();
  /** Records that finished steps wrote, by name without the try. */
  readonly #written = new Map<string, number>();

  /** Takes note of an event. */
  see(event: RunEvent): void {
    if (event.type === 'step.started') this.#open.set(event.step, this.#expected(event.step));
    if (event.type === 'step.progress' && this.#open.has(event.step) && event.progress.total !== null) this.#open.set(event.step, event.progress.total);
    if (event.type === 'step.failed') this.#open.delete(event.step);
    if (event.type !== 'step.finished') return;
    this.#open.delete(event.step);
    this.#written.set(keyOf(event.step), event.progress.recordsOut);
  }

  /** The progress of each step under way. */
  async progress(directory: RunDirectory): Promise<readonly { readonly step: string; readonly progress: StepProgress }[]> {
    return await Promise.all([...this.#open].map(async ([step, total]) => ({ step, progress: { ...(await stepProgress(directory, step)), total } })));
  }

  /** Another round's first step gets what the round before left, which is no step's count alone. */
  #expected(step: string): number | null {
    const [, program = '', rest = ''] = /^([a-z-]+?)((?:\.r\d+)?)\.t\d+$/.exec(step) ?? [];
    const input = INPUTS[program];
    if (input === undefined || (program === 'plan-parts' && rest !== '.r1')) return null;
    return this.#written.get(program === 'plan-parts' ? input : `${input}${rest}`) ?? null;
  }
}

/** Added up over the attempts of a step's try; those that were lost count as well. */
export async function stepProgress(directory: RunDirectory, step: string): Promise<StepProgress> {
  const files = await directory.list(statisticsOf(keyOf(step), Number(/\d+$/.exec(step)?.[0] ?? 1)));
  const read = await Promise.all(files.map(async ({ path }) => statisticsIn(await directory.read(path))));
  const sum = (of: (one: TaskStatistics) => number): number => read.reduce((all, one) => all + (one === null ? 0 : of(one)), 0);
  return { recordsIn: sum((one) => one.recordsIn), recordsOut: sum((one) => one.recordsOut), bytes: sum((one) => one.bytes), total: null };
}

function keyOf(step: string): string {
  return step.replace(/\.t\d+$/, '');
}

function statisticsIn(bytes: Uint8Array | null): TaskStatistics | null {
  try {
    return bytes === null ? null : (JSON.parse(Buffer.from(bytes).toString('utf8')) as TaskStatistics);
  } catch {
    return null;
  }
}
