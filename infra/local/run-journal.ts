/** What a run on this machine knows of itself while it goes on. */
import type { OutcomeCount } from '../../emr-steps/books/books.ts';
import type { DriftCount } from '../../emr-steps/books/drift.ts';
import type { DiffCounts } from '../../emr-steps/records/diff-counts.ts';
import type { VerdictCount } from '../../emr-steps/records/verdict-count.ts';
import { planFile } from '../../emr-steps/run-directory/layout.ts';
import type { RunDirectory } from '../../emr-steps/run-directory/run-directory.ts';
import type { RunFacts } from '../../workflows/plan/run-facts.ts';
import { planRun, type RunPlan } from '../../workflows/plan/run-plan.ts';
import { firstProgress } from '../../workflows/plan/run-progress.ts';

/** A round that reconcile has counted. */
export interface CountedRound {
  readonly counts: readonly OutcomeCount[];
  readonly drift: readonly DriftCount[];
  /** Folder of its ledger, relative to the run's directory. */
  readonly ledger: string;
}

/** A run that was cut off, as it goes on. */
export interface ResumedRun {
  readonly plan: RunPlan;
  /** When it was begun. */
  readonly startedAt: Date;
  /** The rounds before the present one. */
  readonly rounds: readonly CountedRound[];
}

/** The journal: the plan as it stands, and what was found. */
export class RunJournal {
  readonly startedAt: Date;
  /** Null without a diff, or before it. */
  diff: DiffCounts | null = null;
  /** Whether objects are copied at all: not by a diff, not by a dry run. */
  readonly copies: boolean;
  readonly rounds: CountedRound[] = [];
  /** What a verification counted; null without one, or before it. */
  verification: readonly VerdictCount[] | null = null;
  #plan: RunPlan;
  readonly #directory: RunDirectory;

  /** @param resumed - null: the run begins */
  constructor({ facts, directory, now }: { readonly facts: RunFacts; readonly directory: RunDirectory; readonly now: () => Date }, resumed: ResumedRun | null) {
    this.startedAt = resumed?.startedAt ?? now();
    this.copies = facts.request.goal === 'copy' && !facts.request.dryRun;
    this.#directory = directory;
    this.rounds.push(...(resumed?.rounds ?? []));
    this.#plan = resumed?.plan ?? planRun(facts, firstProgress());
  }

  /** The plan that holds now. */
  get plan(): RunPlan {
    return this.#plan;
  }

  /** Takes a plan and keeps it as `plan-<n>.json`. */
  async adopt(plan: RunPlan): Promise<void> {
    this.#plan = plan;
    await this.#directory.write(planFile(plan.progress.plan), `${JSON.stringify(plan, null, 2)}\n`);
  }
}
