/** What all probes of a run share, and the list of what they find. */
import type { S3Client } from '../../emr-steps/s3/s3-client.ts';
import type { AccessNeed, SideName } from '../../workflows/access/access-need.ts';
import type { RunRequest } from '../../workflows/request/run-request.ts';
import { attempt } from './attempt.ts';
import { type Denial, namedAction } from './denial.ts';

/** A run whose rights are looked at. */
export interface ProbedRun {
  /** With its Regions. */
  readonly request: RunRequest;
  readonly runId: string;
  /** The statements that it needs. */
  readonly needs: readonly AccessNeed[];
  /** The client of a side's bucket with somebody's credentials. Default: the side's own. */
  readonly clientOf: (side: SideName, actor?: SideName) => S3Client;
}

/** Key of an object that is not there and never will be; a part of the prefix, so that policies speak of it. */
export function probeKey({ request, runId }: Pick<ProbedRun, 'request' | 'runId'>, side: SideName): string {
  return `${request[side].prefix}.carillon-probe/${runId}`;
}

/** Gathers denials of one actor at one owner's, in the order in which the probes began, whichever ends first. */
export class Findings {
  readonly #tried: (Denial | null)[] = [];
  readonly #actor: SideName;
  readonly #owner: SideName;

  constructor(actor: SideName, owner: SideName) {
    this.#actor = actor;
    this.#owner = owner;
  }

  /** They. */
  get denials(): readonly Denial[] {
    return this.#tried.filter((denial) => denial !== null);
  }

  /** Tries one action. @returns whether it is allowed @throws as {@link attempt} */
  async try(action: string, send: () => Promise<unknown>, sid: string | null = null): Promise<boolean> {
    const at = this.#tried.push(null) - 1;
    const error = await attempt(send);
    if (error !== null) this.#tried[at] = { actor: this.#actor, owner: this.#owner, action: namedAction(error) ?? action, sid, error };
    return error === null;
  }
}

/** Whether somebody needs an action at all. */
export function needs({ needs: all }: ProbedRun, actor: SideName, owner: SideName, action: string): boolean {
  return all.some((one) => one.actor === actor && one.owner === owner && one.actions.includes(action));
}
