import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { HistoryReader } from '../../../../cli/watch/history-events.ts';

/** Types of what a history tells. */
function told(history: readonly Omit<HistoryEvent, 'timestamp' | 'id'>[]): readonly string[] {
  const reader = new HistoryReader('run-1');
  return history.flatMap((event, at) => reader.read({ timestamp: new Date(at), id: at + 1, previousEventId: at, ...event })).map(({ type }) => type);
}

const ENTERED = { type: 'TaskStateEntered', stateEnteredEventDetails: { name: 'Copy objects' } } as const;
const SCHEDULED = {
  type: 'TaskScheduled',
  taskScheduledEventDetails: { resourceType: 'elasticmapreduce', resource: 'addStep.sync', region: 'r', parameters: '{"Step":{"Name":"copy-objects.r1.t1"}}' },
} as const;
const FAILED = { type: 'TaskFailed', taskFailedEventDetails: { resourceType: 'elasticmapreduce', resource: 'addStep.sync', error: 'E', cause: 'c' } } as const;

describe('the events of a history', () => {
  it('tell a task that is scheduled again within its state as tried again', () => {
    expect(told([ENTERED, SCHEDULED, FAILED, SCHEDULED])).toEqual([
      ...['state.entered', 'step.started', 'step.failed', 'state.failed'],
      ...['state.retried', 'step.started'],
    ]);
  });

  it('tell a state that is entered again after a failure as a new beginning', () => {
    expect(told([ENTERED, SCHEDULED, FAILED, ENTERED, SCHEDULED])).toEqual([
      ...['state.entered', 'step.started', 'step.failed', 'state.failed'],
      ...['state.entered', 'step.started'],
    ]);
  });
});
