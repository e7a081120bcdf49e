/** Follows a run of this machine by the events in its folder, and by the process that holds it. */
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { EVENTS_FILE } from '../../emr-steps/run-directory/layout.ts';
import { isUnderWay } from '../../infra/local/run-lock.ts';
import type { RunEvent } from '../../workflows/events/run-event.ts';
import type { FollowedEnd, FollowedRun } from './followed-run.ts';

/** Milliseconds between two looks. */
const EVERY = 500;

/** Follows it. @param folder - of the run; `hints` say how to go on with it where its process is gone */
export function followLocalRun(folder: string, hints: readonly string[]): FollowedRun {
  const lines = new GrowingLines(join(folder, EVENTS_FILE));
  let finished: Extract<RunEvent, { readonly type: 'run.finished' }> | null = null;
  let isFirst = true;
  return {
    everyMilliseconds: EVERY,
    news: async () => {
      // In this order: what the process has written before its end is read.
      const isAlive = await isUnderWay(folder);
      const read = (await lines.read()).map((line) => JSON.parse(line) as RunEvent);
      const events = isFirst ? sinceBegun(read) : read;
      isFirst = false;
      for (const event of events) if (event.type === 'run.finished') finished = event;
      return { events, end: isAlive ? null : endOf(finished, hints) };
    },
    close: () => lines.close(),
  };
}

/** A run that was resumed begins there: what came before is an earlier process's. */
function sinceBegun(events: readonly RunEvent[]): readonly RunEvent[] {
  const at = events.findLastIndex(({ type }) => type === 'run.started' || type === 'run.resumed');
  return events.slice(Math.max(0, at));
}

function endOf(finished: Extract<RunEvent, { readonly type: 'run.finished' }> | null, hints: readonly string[]): FollowedEnd {
  if (finished === null) return { isWell: false, sentence: ['the process that ran it is gone', ...hints].join('; ') };
  return { isWell: finished.status === 'succeeded', sentence: null };
}

/** A file that another process appends lines to. */
class GrowingLines {
  readonly #path: string;
  #file: FileHandle | null = null;
  #rest: Buffer = Buffer.alloc(0);

  constructor(path: string) {
    this.#path = path;
  }

  /** The whole lines since the last call. */
  async read(): Promise<readonly string[]> {
    this.#file ??= await open(this.#path).catch(() => null);
    if (this.#file === null) return [];
    const chunks = [this.#rest];
    for (;;) {
      const { bytesRead, buffer } = await this.#file.read(Buffer.alloc(65_536));
      if (bytesRead === 0) break;
      chunks.push(buffer.subarray(0, bytesRead));
    }
    const bytes = Buffer.concat(chunks);
    const end = bytes.lastIndexOf(0x0a) + 1;
    this.#rest = bytes.subarray(end);
    return bytes
      .subarray(0, end)
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '');
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }
}
