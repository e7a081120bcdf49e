import { describe, expect, it } from 'vitest';
import { athenaCounts, queryStopper } from '../../../lambdas/aws/athena.ts';
import { emrClusters, stepSeconds } from '../../../lambdas/aws/clusters.ts';
import { executionRuns, executionStarter } from '../../../lambdas/aws/executions.ts';
import { eventBridgePublisher, snsPublisher } from '../../../lambdas/aws/publishers.ts';
import { baseUrl } from '../../../lambdas/aws/settings.ts';
import { prepared, REQUEST } from './surroundings.ts';

type Answer = (input: Record<string, unknown>) => unknown;

/** A client of the vendor's SDK that answers as the test says, by the command's name; every call is kept. */
function client(answers: Readonly<Record<string, Answer>>) {
  const calls: { readonly name: string; readonly input: Record<string, unknown> }[] = [];
  const send = async (command: { readonly input: object }): Promise<never> => {
    const name = command.constructor.name.replace(/Command$/, '');
    const input = command.input as Record<string, unknown>;
    calls.push({ name, input });
    const answer = answers[name];
    if (answer === undefined) throw new Error(`the test has no answer for ${name}`);
    return answer(input) as never;
  };
  return { send: send as never, calls };
}

function serviceError(name: string): () => never {
  return () => {
    throw Object.assign(new Error(name), { name });
  };
}

const holder = { executionArn: 'arn:e', runId: 'r', runDirectory: 's3://b/r', since: '' };

describe('executions', () => {
  it.each([
    ['RUNNING', true],
    ['PENDING_REDRIVE', true],
    ['SUCCEEDED', false],
    ['FAILED', false],
    ['ABORTED', false],
    ['TIMED_OUT', false],
  ])('in status %s hold their lock: %s', async (status, runs) => {
    expect(await executionRuns(client({ DescribeExecution: () => ({ status }) }))(holder)).toBe(runs);
  });

  it('that the service has forgotten hold no lock, but an error of the service frees none', async () => {
    expect(await executionRuns(client({ DescribeExecution: serviceError('ExecutionDoesNotExist') }))(holder)).toBe(false);
    await expect(executionRuns(client({ DescribeExecution: serviceError('ThrottlingException') }))(holder)).rejects.toThrow('ThrottlingException');
  });

  it('are started by name; one of the same name was started before', async () => {
    const first = client({ StartExecution: () => ({}) });
    expect(await executionStarter(first, 'arn:m')('n', REQUEST)).toBe(true);
    expect(first.calls[0]?.input).toEqual({ stateMachineArn: 'arn:m', name: 'n', input: JSON.stringify(REQUEST) });
    expect(await executionStarter(client({ StartExecution: serviceError('ExecutionAlreadyExists') }), 'arn:m')('n', REQUEST)).toBe(false);
  });
});

describe('clusters', () => {
  const pages: Answer = ({ Marker }) =>
    Marker === undefined
      ? { Clusters: [{ Id: 'j-1', Name: 'other' }], Marker: '2' }
      : {
          Clusters: [
            { Id: 'j-2', Name: 'run' },
            { Id: 'j-3', Name: 'run-2' },
          ],
        };

  it('are found by their whole name on every page, those that terminate too', async () => {
    const emr = client({ ListClusters: pages, DescribeCluster: () => ({ Cluster: {} }) });
    expect(await emrClusters(emr).find('run', new Date('2026-01-02T00:00:00Z'))).toEqual(['j-2']);
    expect(emr.calls[0]?.input).toMatchObject({
      ClusterStates: expect.arrayContaining(['STARTING', 'TERMINATING']),
      CreatedAfter: new Date('2026-01-01T23:55:00Z'),
    });
  });

  it('are terminated ten at a time', async () => {
    const emr = client({ TerminateJobFlows: () => ({}) });
    await emrClusters(emr).terminate(Array.from({ length: 11 }, (_, at) => `j-${at}`));
    expect(emr.calls.map(({ input }) => (input.JobFlowIds as string[]).length)).toEqual([10, 1]);
  });

  it('tell how long the steps of a run took, in the order in which they began', async () => {
    const { state, directory } = await prepared();
    const at = (second: number) => new Date(1_000 * second);
    const step = (Name: string, from: number, until: number | null, run = state.run.id) => ({
      Name,
      Config: { Args: [run] },
      Status: { Timeline: { StartDateTime: at(from), ...(until === null ? {} : { EndDateTime: at(until) }) } },
    });
    const Steps = [step('plan', 20, 25), step('list', 10, 12), step('copy', 30, null), step('other', 5, 6, 'other')];
    const emr = client({ ListClusters: () => ({ Clusters: [{ Id: 'j-1', Name: state.run.id }] }), ListSteps: () => ({ Steps }) });
    expect(Object.entries(await stepSeconds(emr)(directory))).toEqual([
      ['list', 2],
      ['plan', 5],
    ]);
  });
});

describe('Athena', () => {
  const row = (cells: readonly string[]) => ({ Data: cells.map((VarCharValue) => ({ VarCharValue })) });

  it('gives the counts in the row after the names, and no other number of rows will do', async () => {
    const cells = ['1', '10', '2', '20', '3', '30', '0', '0', '0'];
    const rows = (...Rows: readonly object[]) => client({ GetQueryResults: () => ({ ResultSet: { Rows } }) });
    expect(await athenaCounts(rows(row(['names']), row(cells)))('q')).toMatchObject({ missing: { objects: 1, bytes: 10 }, unchanged: { objects: 3 } });
    await expect(athenaCounts(rows(row(['names'])))('q')).rejects.toThrow('0 lines of counts');
  });

  it('stops the queries of the run that still work, and no others', async () => {
    const { state } = await prepared();
    const query = (QueryExecutionId: string, State: string, run: string) => ({ QueryExecutionId, Status: { State }, Query: `select 1 from carillon_${run}_1` });
    const name = state.run.id.replaceAll('-', '_');
    const athena = client({
      ListQueryExecutions: () => ({ QueryExecutionIds: ['a', 'b', 'c'] }),
      BatchGetQueryExecution: () => ({ QueryExecutions: [query('a', 'RUNNING', name), query('b', 'SUCCEEDED', name), query('c', 'RUNNING', 'other')] }),
      StopQueryExecution: () => ({}),
    });
    const facts = { runId: state.run.id, athena: { workGroup: 'carillon', database: 'd', resultLocation: 's3://x/' } };
    await queryStopper(athena)({ facts } as never);
    expect(athena.calls.filter(({ name: called }) => called === 'StopQueryExecution').map(({ input }) => input)).toEqual([{ QueryExecutionId: 'a' }]);
  });

  it('stops them on every page, down to those from before the run', async () => {
    const at = (QueryExecutionId: string, time: string) => ({
      QueryExecutionId,
      Status: { State: 'RUNNING', SubmissionDateTime: new Date(time) },
      Query: 'select 1 from carillon_source_r_1',
    });
    const pages: Readonly<Record<string, readonly object[]>> = {
      first: [at('a', '2026-01-02T04:00:00Z')],
      second: [at('b', '2026-01-02T03:10:00Z'), at('old', '2026-01-01T00:00:00Z')],
      third: [at('older', '2025-01-01T00:00:00Z')],
    };
    const next: Readonly<Record<string, string>> = { first: 'second', second: 'third' };
    const athena = client({
      ListQueryExecutions: ({ NextToken = 'first' }) => ({ QueryExecutionIds: [String(NextToken)], NextToken: next[String(NextToken)] }),
      BatchGetQueryExecution: ({ QueryExecutionIds }) => ({ QueryExecutions: pages[(QueryExecutionIds as string[])[0] ?? ''] }),
      StopQueryExecution: () => ({}),
    });
    const facts = { runId: 'r', athena: { workGroup: 'carillon', database: 'd', resultLocation: 's3://x/' } };
    await queryStopper(athena)({ facts, startedAt: '2026-01-02T03:00:00Z' } as never);
    const stopped = athena.calls.filter(({ name }) => name === 'StopQueryExecution').map(({ input }) => input.QueryExecutionId);
    expect(stopped).toEqual(['a', 'b', 'old']);
  });

  it('is asked nothing for a run without it', async () => {
    const athena = client({});
    await queryStopper(athena)({ facts: { runId: 'r' } } as never);
    expect(athena.calls).toEqual([]);
  });
});

describe('channels', () => {
  const notice = { title: 'Carillon Run Partial', text: 'two failed', detail: { runId: 'r', status: 'partial', cause: null } } as const;

  it('of SNS give text to people and JSON to programs', async () => {
    const sns = client({ Publish: () => ({}) });
    await snsPublisher(sns, 'arn:t').publish(notice);
    expect(sns.calls[0]?.input).toMatchObject({ TopicArn: 'arn:t', Subject: notice.title, MessageStructure: 'json' });
    const message = JSON.parse(String(sns.calls[0]?.input.Message));
    expect([message.default, JSON.parse(message.sqs)]).toEqual([notice.text, notice.detail]);
  });

  it('of EventBridge carry the contract, and a refusal in an answer 200 is a failure', async () => {
    const bus = client({ PutEvents: () => ({ FailedEntryCount: 0 }) });
    await eventBridgePublisher(bus, 'default').publish(notice);
    expect(bus.calls[0]?.input).toMatchObject({ Entries: [{ Source: 'carillon', DetailType: notice.title, Detail: JSON.stringify(notice.detail) }] });
    const refusing = client({ PutEvents: () => ({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'TooLarge', ErrorMessage: 'x' }] }) });
    await expect(eventBridgePublisher(refusing, 'default').publish(notice)).rejects.toThrow('TooLarge');
  });
});

describe('settings', () => {
  it('name the variable that the stack did not set', () => {
    expect(() => baseUrl({})).toThrow('CARILLON_BASE is missing');
    expect(baseUrl({ CARILLON_BASE: 's3://b/p//' })).toBe('s3://b/p');
  });
});
