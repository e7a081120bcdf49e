/** copy-objects: copies whole objects and parts, inside S3 or through the node. A map-only step: what is finished stays finished. */
import type { CopyMode } from '../books/outcomes.ts';
import { mapConcurrently } from '../hadoop/concurrent.ts';
import { type Progress, reportProgress } from '../hadoop/progress.ts';
import type { StepContext, StepProgram } from '../hadoop/step-context.ts';
import { rangeSize } from '../multipart/part-map.ts';
import { reasonOfError } from '../plan/reason-of-error.ts';
import type { CopyResult } from '../records/copy-result.ts';
import type { CopyTask } from '../records/copy-task.ts';
import { encodeTime } from '../records/time.ts';
import { type AlreadyThere, alreadyThere } from './already-there.ts';
import { CopyRules, type RuleOptions } from './copy-rules.ts';
import { type CopyEnding, copied, resultOf, type Stamp, settledResult, stoppedBy } from './ending.ts';
import { isRefusal, Refusals } from './refusals.ts';
import type { OpenTask, Route } from './route.ts';
import { serverSide } from './server-side.ts';
import type { SpillSpace } from './spill-space.ts';
import { streaming } from './streaming.ts';

/** How objects are copied. */
export interface CopyOptions extends RuleOptions {
  /** `auto`: server-side; an object whose copy is refused is streamed, and everything after ten such in a row. */
  readonly mode: CopyMode | 'auto';
  /** Objects and parts under way at once. */
  readonly concurrency: number;
  /** Bytes that streaming may hold. */
  readonly memoryBytes: number;
  /** Where bytes go that the memory does not hold; null, the default: they are read twice. */
  readonly spill?: SpillSpace | null;
  /** Most bytes of a part that are held in memory; 128 MiB unless given. */
  readonly spillAboveBytes?: number;
  /** What the destination got since then is this run's; null: whole objects are not looked for before they are written. */
  readonly runStartedAt?: Date | null;
}

/** The step's program: one result a task, in no order. */
export function copyObjects(options: CopyOptions): StepProgram<CopyTask, CopyResult> {
  return async function* copy(input, context) {
    const progress = reportProgress(context, 'copied', 'objects and parts');
    const copier = new Copier(options, context, progress);
    try {
      yield* mapConcurrently(input, (task: CopyTask, signal) => copier.results(task, signal), { concurrency: options.concurrency, signal: context.signal });
    } finally {
      progress.stop();
    }
  };
}

class Copier {
  readonly #mode: CopyOptions['mode'];
  readonly #context: StepContext;
  readonly #progress: Progress;
  readonly #serverSide: Route;
  readonly #streaming: Route;
  readonly #alreadyThere: AlreadyThere | null;
  readonly #refusals = new Refusals();

  constructor(options: CopyOptions, context: StepContext, progress: Progress) {
    this.#mode = options.mode;
    this.#context = context;
    this.#progress = progress;
    const rules = new CopyRules(options);
    this.#serverSide = serverSide(options, rules);
    this.#streaming = streaming(options, rules, { ...options, count: (name) => context.statistics.count(name) });
    this.#alreadyThere = context.lookBeforeWriting ? alreadyThere(options, rules, options.runStartedAt ?? null) : null;
  }

  /** The one result of a task; at once where there is nothing to do. */
  results(task: CopyTask, signal: AbortSignal): readonly CopyResult[] | Promise<readonly CopyResult[]> {
    if (task.kind === 'settled') return [settledResult(task, this.#stamp())];
    if (this.#context.dryRun) return [resultOf(task, copied(null, null, null, { detail: 'dry run: nothing was sent' }), this.#stamp())];
    return this.#copied(task, signal);
  }

  #stamp(): Stamp {
    return { attempt: this.#context.taskAttempt.number, time: encodeTime(this.#context.now()) };
  }

  async #copied(task: OpenTask, signal: AbortSignal): Promise<readonly CopyResult[]> {
    const ending = (this.#alreadyThere === null ? null : await this.#found(this.#alreadyThere, task, signal)) ?? (await this.#byMode(task, signal));
    if (ending.outcome === 'copied') this.#progress.add(1, ending.mode === null ? 0 : bytesOf(task));
    return [resultOf(task, ending, this.#stamp())];
  }

  async #found(alreadyThere: AlreadyThere, task: OpenTask, signal: AbortSignal): Promise<CopyEnding | null> {
    try {
      const found = await alreadyThere.find(task, signal);
      if (found !== null) this.#context.statistics.count('already-there');
      return found;
    } catch (error) {
      return stoppedBy(error, null, signal);
    }
  }

  async #byMode(task: OpenTask, signal: AbortSignal): Promise<CopyEnding> {
    if (this.#mode === 'server-side') return by(this.#serverSide, task, signal);
    if (this.#mode === 'streaming') return by(this.#streaming, task, signal);
    if (this.#refusals.streamEverything) return this.#streamed(task, signal);
    try {
      const ending = await this.#serverSide.copy(task, signal);
      this.#refusals.accepted();
      return ending;
    } catch (error) {
      return isRefusal(error) ? this.#afterRefusal(error, task, signal) : stoppedBy(error, 'server-side', signal);
    }
  }

  async #afterRefusal(refusal: unknown, task: OpenTask, signal: AbortSignal): Promise<CopyEnding> {
    const ending = await this.#streamed(task, signal);
    if (ending.outcome === 'copied') this.#refusals.refused();
    if (ending.reason !== 'access-denied') return ending;
    return { ...ending, detail: `${reasonOfError(refusal).detail}; and streaming: ${ending.detail}` };
  }

  async #streamed(task: OpenTask, signal: AbortSignal): Promise<CopyEnding> {
    const ending = await by(this.#streaming, task, signal);
    if (ending.outcome === 'copied') this.#context.statistics.count('streamed-after-refusal');
    return ending;
  }
}

async function by(route: Route, task: OpenTask, signal: AbortSignal): Promise<CopyEnding> {
  try {
    return await route.copy(task, signal);
  } catch (error) {
    return stoppedBy(error, route.mode, signal);
  }
}

function bytesOf(task: OpenTask): number {
  return task.kind === 'whole' ? task.size : rangeSize(task.range, task.size);
}
