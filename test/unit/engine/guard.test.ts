import { describe, expect, it } from 'vitest';
import type { MachineDefinition } from '../../../infra/local/engine/definition.ts';
import { DefinitionRefusedError, guard } from '../../../infra/local/engine/guard.ts';
import { machine, task } from './machine.ts';

const BOUND = { calls: new Set(['test:known', 'lambda:invoke']), functions: new Set(['$' + '{KnownFunctionArn}']) };

function problems(definition: MachineDefinition): readonly string[] {
  try {
    guard(definition, BOUND);
    return [];
  } catch (error) {
    if (error instanceof DefinitionRefusedError) return error.problems;
    throw error;
  }
}

const one = (state: MachineDefinition['States'][string]) => machine({ one: state });
const known = (more: Readonly<Record<string, unknown>>) => one(task('known', more));
const lambda = (FunctionName: string) => one({ ...task('x'), Resource: 'arn:aws:states:::lambda:invoke', Parameters: { FunctionName } });
const map = (more: Readonly<Record<string, unknown>>, inner: Readonly<Record<string, unknown>> = {}) =>
  one({ Type: 'Map', ItemsPath: '$.a', ItemProcessor: machine({ in: { Type: 'Pass' } }, inner), ...more });

describe('the guard', () => {
  it.each<readonly [string, MachineDefinition, string]>([
    ['JSONata of a machine', machine({ one: { Type: 'Pass' } }, { QueryLanguage: 'JSONata' }), 'QueryLanguage JSONata is not evaluated'],
    ['JSONata of a state', known({ QueryLanguage: 'JSONata' }), 'QueryLanguage is not allowed'],
    ['JSONata arguments', known({ Arguments: {} }), 'JSONata is not evaluated'],
    ['variables', known({ Assign: { a: 1 } }), 'variables are ignored'],
    ['roles', known({ Credentials: { RoleArn: 'x' } }), 'roles are ignored'],
    ['heartbeats', known({ HeartbeatSeconds: 5 }), 'heartbeats are ignored'],
    ['a Distributed Map', map({}, { ProcessorConfig: { Mode: 'DISTRIBUTED' } }), 'DISTRIBUTED'],
    ['an item reader', map({ ItemReader: {} }), 'Distributed Map'],
    ['tolerated failures', map({ ToleratedFailureCount: 1 }), 'ToleratedFailureCount is not allowed'],
    ['task tokens', one({ ...task('x'), Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken' }), 'task tokens'],
    ['a task without a binding', one(task('other')), 'nothing is bound'],
    ['a function without a handler', lambda('$' + '{OtherFunctionArn}'), 'no handler is bound'],
    ['a task without a time-out', one({ Type: 'Task', Resource: 'arn:aws:states:::test:known' }), 'without TimeoutSeconds'],
    ['a filter in a path', known({ Parameters: { 'a.$': '$.b[?(@.c)]' } }), 'more than a path'],
    ['a deep scan', one({ Type: 'Pass', InputPath: '$..a' }), 'more than a path'],
    ['a length', one({ Type: 'Pass', OutputPath: '$.a.length' }), 'would be a length'],
    ['the input of the execution', known({ Parameters: { 'a.$': '$$.Execution.Input' } }), 'context object'],
    ['the item outside of a selector', known({ Parameters: { 'a.$': '$$.Map.Item.Value' } }), 'context object'],
    ['an escape in a function', known({ Parameters: { 'a.$': "States.Format('\\'{}', $.a)" } }), 'escape'],
    ['a path in a function', known({ Parameters: { 'a.$': "States.Format('{}', $.a[*])" } }), 'more than a path'],
    ['a function in a cause', one({ Type: 'Fail', CausePath: 'States.JsonToString($.a)' }), 'not called there'],
    ['catching States.Runtime', known({ Catch: [{ ErrorEquals: ['States.Runtime'], Next: 'one' }] }), 'nothing catches it'],
    ['retrying States.DataLimitExceeded', known({ Retry: [{ ErrorEquals: ['States.DataLimitExceeded'] }] }), 'nothing catches it'],
    ['States.TaskFailed', known({ Catch: [{ ErrorEquals: ['States.TaskFailed'], Next: 'one' }] }), 'would match time-outs'],
    ['States.ALL beside another', known({ Catch: [{ ErrorEquals: ['A', 'States.ALL'], Next: 'one' }] }), 'stand alone and last'],
    [
      'States.ALL before another',
      known({
        Catch: [
          { ErrorEquals: ['States.ALL'], Next: 'one' },
          { ErrorEquals: ['A'], Next: 'one' },
        ],
      }),
      'stand alone and last',
    ],
    ['an empty Result', one({ Type: 'Pass', Result: 0 }), 'is ignored'],
    ['a path to wait for', one({ Type: 'Wait', SecondsPath: '$.a' }), 'SecondsPath is not allowed'],
    ['two states of one name', one({ Type: 'Parallel', Branches: [machine({ one: { Type: 'Pass' } })] }), 'two states'],
    ['a state in a branch', one({ Type: 'Parallel', Branches: [machine({ in: task('other') })] }), 'in: nothing is bound'],
    ['a start that is no state', { StartAt: 'two', States: { one: { Type: 'Succeed' } } }, 'StartAt'],
  ])('refuses %s', (_, definition, reason) => {
    expect(problems(definition).join('\n')).toContain(reason);
  });

  it('tells every problem at once', () => {
    expect(problems(known({ Assign: {}, HeartbeatSeconds: 1 }))).toHaveLength(2);
  });

  it('passes what is treated as on AWS', () => {
    const selector = { 'a.$': '$$.Map.Item.Value', 'b.$': '$.b' };
    expect(problems(map({ ItemSelector: selector, MaxConcurrency: 2, ResultPath: null }))).toEqual([]);
    expect(problems(lambda('$' + '{KnownFunctionArn}'))).toEqual([]);
    expect(
      problems(known({ Parameters: { 'a.$': "States.Format('{}-{}', $.a, $$.Execution.Name)" }, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'one' }] })),
    ).toEqual([]);
  });
});
