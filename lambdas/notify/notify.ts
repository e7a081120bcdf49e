/** Tells people and the event bus how a run ended. Every channel is tried; one that fails is named in the answer and ends nothing. */
import { OUTPUT_FILE } from '../../emr-steps/run-directory/layout.ts';
import type { RunOutput } from '../../workflows/events/run-output.ts';
import type { NotifyInput } from '../../workflows/plan/run-state.ts';
import { conclude } from '../run/conclusion.ts';
import { type RunHome, runOfExecution } from '../run/run-home.ts';

/** What is told. */
export interface RunNotice {
  /** Such as `Carillon Run Succeeded`; the detail-type of the event, the subject of the mail. */
  readonly title: string;
  /** For people, a few lines. */
  readonly text: string;
  /** For programs: the output contract; of a run that has none, its status and cause. */
  readonly detail: Partial<RunOutput> & Pick<RunOutput, 'runId' | 'status' | 'cause'>;
}

/** One way to tell. */
export interface Publisher {
  /** Such as `sns`. */
  readonly name: string;
  publish(notice: RunNotice): Promise<void>;
}

/** What the handler needs of its surroundings. */
export interface NotifyDeps {
  readonly home: RunHome;
  readonly publishers: readonly Publisher[];
}

/** Who was told, and who was not and why. */
export interface NotifyOutput {
  readonly told: readonly string[];
  readonly failed: readonly { readonly publisher: string; readonly cause: string }[];
}

/** Notifies. */
export async function notify(input: NotifyInput, { home, publishers }: NotifyDeps): Promise<NotifyOutput> {
  const { summary } = input;
  const bytes = summary.output === '' ? null : await home.directoryOf(summary.runId).read(OUTPUT_FILE);
  const output = bytes === null ? null : (JSON.parse(Buffer.from(bytes).toString('utf8')) as RunOutput);
  const notice = noticeOf(summary, output);
  const ends = await Promise.allSettled(publishers.map(async (publisher) => await publisher.publish(notice)));
  const failed = ends.flatMap((end, at) => (end.status === 'rejected' ? [{ publisher: publishers[at]?.name ?? '', cause: String(end.reason) }] : []));
  const told = publishers.filter((_, at) => ends[at]?.status === 'fulfilled').map(({ name }) => name);
  if (told.length > 0) await conclude(home.directoryOf(await runOfExecution(home, input)), input.executionArn, { told: true });
  return { told, failed };
}

function noticeOf({ runId, status, cause }: NotifyInput['summary'], output: RunOutput | null): RunNotice {
  const title = `Carillon Run ${status.charAt(0).toUpperCase()}${status.slice(1)}`;
  const sides = output === null ? [] : [`source       ${output.source}`, `destination  ${output.destination}`];
  const counts = Object.entries(output?.books?.outcomes ?? {}).map(
    ([outcome, { objects, bytes }]) => `${outcome.padEnd(12)} ${objects} objects, ${bytes} bytes`,
  );
  return { title, text: [cause, ...sides, ...counts].join('\n'), detail: output ?? { runId, status, cause } };
}
