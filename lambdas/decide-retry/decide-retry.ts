/** What comes after a failed step, a counted round, or a collected one, and the plan of the sweep. */
import type { EventSink } from '../../workflows/events/run-event.ts';
import { decideRetry as decide, planRound, type RetryDecision } from '../../workflows/plan/decide-retry.ts';
import type { RunFacts } from '../../workflows/plan/run-facts.ts';
import type { Neighbours } from '../../workflows/plan/run-progress.ts';
import type { DecideRetryInput, DecideRetryOutput } from '../../workflows/plan/run-state.ts';
import { planSweep } from '../../workflows/plan/whole-run.ts';
import { readSettledCounts } from '../run/read-counts.ts';
import type { RunHome } from '../run/run-home.ts';
import { keepPlan } from '../run/run-plans.ts';
import { readRunRecord } from '../run/run-record.ts';

/** What the handler needs of its surroundings. */
export interface DecideRetryDeps {
  readonly home: RunHome;
  /** Other runs that write to the same place. */
  readonly neighbours: (facts: RunFacts) => Promise<Neighbours>;
  readonly emit: EventSink;
  readonly now: () => Date;
}

/** Decides. */
export async function decideRetry({ plan, happening }: DecideRetryInput, { home, neighbours, emit, now }: DecideRetryDeps): Promise<DecideRetryOutput> {
  const directory = home.directoryOf(plan.runId);
  const { facts } = await readRunRecord(directory);
  const { progress, steps } = plan;
  const kept = async (decision: RetryDecision): Promise<DecideRetryOutput> => {
    const { next, why, unsettled } = decision;
    return { next, why, unsettled, plan: decision.plan === null ? plan : await keepPlan(directory, decision.plan) };
  };
  switch (happening.type) {
    case 'step-failed':
      return kept(decide(facts, progress, { type: 'step-failed', step: happening.step, cause: happening.error.Cause }));
    case 'round-counted': {
      const { outcomes } = await readSettledCounts(directory, steps.reconcile.output);
      const decision = decide(facts, progress, { type: 'round-counted', counts: outcomes });
      const { next, unsettled, why } = decision;
      emit({ type: 'round.decided', at: now().toISOString(), round: progress.round, again: next === 'round', unsettled, why });
      return kept(decision);
    }
    case 'unsettled-collected':
      return kept({ next: 'round', why: 'what is left may heal', unsettled: happening.unsettled, plan: planRound(facts, progress, happening.unsettled) });
    case 'sweep-due':
      return kept({ next: 'end', why: 'the rounds are over', unsettled: 0, plan: planSweep(facts, progress, await neighbours(facts)) });
  }
}
