/** The steps of a run on a cluster, as EMR lists them. */
import { type EMRClient, ListStepsCommand, type StepSummary } from '@aws-sdk/client-emr';

/** What is asked of EMR's client. */
export type EmrAsker = Pick<EMRClient, 'send'>;

/** Milliseconds by which clocks may differ. */
export const CLOCKS = 5 * 60_000;

interface StepsPage {
  readonly Steps?: StepSummary[] | undefined;
  readonly Marker?: string | undefined;
}

/** Steps of a cluster, the newest first. @param since - older ones are not asked for; a cluster that is given may have thousands */
export async function stepsOf(client: EmrAsker, ClusterId: string, since: Date | null = null): Promise<readonly StepSummary[]> {
  const steps: StepSummary[] = [];
  let Marker: string | undefined;
  do {
    const page: StepsPage = await client.send(new ListStepsCommand({ ClusterId, Marker }));
    steps.push(...(page.Steps ?? []));
    Marker = since !== null && (page.Steps ?? []).some((step) => createdAt(step) < since.getTime()) ? undefined : page.Marker;
  } while (Marker !== undefined);
  return since === null ? steps : steps.filter((step) => createdAt(step) >= since.getTime());
}

/** Whether a step is one of the run: the tag of its jobs, or the folder that it writes, names it. */
export function isOfRun({ Config }: StepSummary, runId: string): boolean {
  return Config?.Args?.some((arg) => arg.includes(runId)) ?? false;
}

/** When a step was added, in milliseconds since 1970; one that does not say counts as new. */
export function createdAt({ Status }: StepSummary): number {
  return Status?.Timeline?.CreationDateTime?.getTime() ?? Number.POSITIVE_INFINITY;
}
