/**
 * The diff by Athena: tables over the listings, the counts, then the rows where there are any. The tables are dropped on every path; the
 * files below them stay. Whatever fails in between, `decide-retry` may plan another try with tables and an output of its own.
 */
import { Chain, Choice, type IChainable, Map as MapState, Pass } from 'aws-cdk-lib/aws-stepfunctions';
import type { AthenaQuery } from '../../diff/athena-queries.ts';
import { type AthenaQueryRefs, athenaTask } from '../athena-query.ts';
import { is, isTrue } from '../conditions.ts';
import { failedBranch } from '../failed-branch.ts';
import { handlerTask } from '../handler-task.ts';
import { at, FAILURE_PATH, type PhaseContext } from '../phase-context.ts';
import { pathsIn } from '../state-path.ts';

/** References into the query that is an item of a Map. */
const item = pathsIn<AthenaQuery>();
const ITEM: AthenaQueryRefs = {
  statement: item('statement'),
  outputLocation: item('outputLocation'),
  workGroup: item('workGroup'),
  database: item('database'),
};

/** @returns the first state; the last ones lead to `next` */
export function athenaDiff(context: PhaseContext, next: IChainable): Chain {
  const start = dropping(context, 'Drop left-over tables', 'A try that was cut off may have left tables of the same name.');
  const failed = failedTry(context, start);
  const caught: PhaseContext = { ...context, onFailure: failed };
  const create = creating(caught);
  const count = counting(caught);
  const finish = finishing(context, next);
  const write = writing(caught, finish);
  return Chain.start(start).next(create).next(count).next(write);
}

/** Drops both tables. That a table could not be dropped ends nothing: it is one that nobody reads. */
function dropping(context: PhaseContext, name: string, comment: string): MapState {
  const drop = athenaTask(context, `${name}: one`, { comment: 'DROP TABLE IF EXISTS; its files stay.', query: ITEM, resultPath: null });
  drop.addCatch(new Pass(context.scope, `${name}: left behind`, { comment: 'It stays in the catalogue under the name of its run.' }), {
    resultPath: FAILURE_PATH,
  });
  const tables = new MapState(context.scope, name, {
    comment,
    itemsPath: at('decided.plan.athena.dropTables').path,
    maxConcurrency: 2,
    resultPath: '$.dropped',
  });
  tables.addCatch(context.onFailure, { resultPath: FAILURE_PATH });
  return tables.itemProcessor(drop);
}

function creating(context: PhaseContext): MapState {
  const failed = failedBranch(context, 'Table not created');
  const create = athenaTask(context, 'Create table', { comment: 'An external table over the files of one listing.', query: ITEM, resultPath: null });
  create.addCatch(failed, { resultPath: FAILURE_PATH });
  const tables = new MapState(context.scope, 'Create tables', {
    comment: 'One for each listing, named by run and try.',
    itemsPath: at('decided.plan.athena.createTables').path,
    maxConcurrency: 2,
    resultPath: '$.created',
  });
  tables.itemProcessor(create);
  tables.addCatch(context.onFailure, { resultPath: FAILURE_PATH });
  return tables;
}

/** The counts first: an UNLOAD of nothing may fail, and the rows are held against them later. */
function counting(context: PhaseContext): Chain {
  const count = athenaTask(context, 'Count verdicts', {
    comment: 'How many objects are missing, different, unchanged, extra; one line.',
    query: queryAt('counts'),
    resultPath: '$.counted',
  });
  count.addCatch(context.onFailure, { resultPath: FAILURE_PATH });
  const assess = handlerTask(context, 'Assess counts', {
    comment: 'Which rows are there to write?',
    handler: 'assess-diff',
    payload: { after: 'counts', plan: at('decided.plan'), listed: null, countsQueryId: at('counted.queryId') },
    resultPath: '$.decided',
    keep: (answer) => ({ plan: answer('plan'), hasRowsToCopy: answer('hasRowsToCopy'), hasExtraRows: answer('hasExtraRows') }),
  });
  return Chain.start(count).next(assess);
}

function writing(context: PhaseContext, next: IChainable): Chain {
  const unload = (name: string, comment: string, query: 'toCopy' | 'extra', then: IChainable): Chain => {
    const task = athenaTask(context, name, { comment, query: queryAt(query), resultPath: null });
    task.addCatch(context.onFailure, { resultPath: FAILURE_PATH });
    return task.next(then);
  };
  const extra = new Choice(context.scope, 'Extra rows?')
    .when(isTrue(at('decided.hasExtraRows')), unload('Write extra rows', 'What only the destination has.', 'extra', next))
    .otherwise(next);
  const toCopy = new Choice(context.scope, 'Rows to copy?')
    .when(isTrue(at('decided.hasRowsToCopy')), unload('Write rows to copy', 'What is missing or different at the destination.', 'toCopy', extra))
    .otherwise(extra);
  return Chain.start(toCopy);
}

function finishing(context: PhaseContext, next: IChainable): Chain {
  const assess = handlerTask(context, 'Assess diff by Athena', {
    comment: 'Do the rows agree with the counts? Marks them as whole, and says whether there is anything to do.',
    handler: 'assess-diff',
    payload: { after: 'diff', plan: at('decided.plan'), listed: null, countsQueryId: at('counted.queryId') },
    resultPath: '$.decided',
    keep: (answer) => ({ plan: answer('plan'), nothingToDo: answer('nothingToDo') }),
  });
  assess.next(next);
  return dropping(context, 'Drop tables', 'The rows are written; the tables are of no more use.').next(assess);
}

function failedTry(context: PhaseContext, again: IChainable): Chain {
  const decide = handlerTask(context, 'Compare by Athena: decide on another try', {
    comment: 'A query failed. Has the diff a try left? The next one writes to a fresh folder.',
    handler: 'decide-retry',
    payload: { plan: at('decided.plan'), happening: { type: 'step-failed', step: 'diff', error: at('failure') } },
    resultPath: '$.decided',
    keep: (answer) => ({ plan: answer('plan'), next: answer('next') }),
  });
  const choice = new Choice(context.scope, 'Compare by Athena: again?').when(is(at('decided.next'), 'try'), again).otherwise(context.onFailure);
  return dropping(context, 'Drop tables of the failed try', 'On every path.').next(decide).next(choice);
}

function queryAt(query: 'counts' | 'toCopy' | 'extra'): AthenaQueryRefs {
  const path = `decided.plan.athena.${query}` as const;
  return {
    statement: at(`${path}.statement`),
    outputLocation: at(`${path}.outputLocation`),
    workGroup: at(`${path}.workGroup`),
    database: at(`${path}.database`),
  };
}
