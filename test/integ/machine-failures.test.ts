import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diffCounts } from '../../emr-steps/records/diff-counts.ts';
import { outcomeCount } from '../../emr-steps/records/outcome-count.ts';
import { type MachineDefinition, type PlacedState, placedStates, readDefinition, type StateDefinition } from '../../infra/local/engine/definition.ts';
import { TaskError, TerminalError } from '../../infra/local/engine/task-error.ts';
import { type Fault, type Injection, runInWorld, type WorldEnd, type WorldLeft, type WorldOrder } from '../helpers/machine-world.ts';
import { diffs, type Script, writes } from '../helpers/scripted-cluster.ts';

const NONE = { objects: 0, bytes: 0 };
const ONE = { objects: 1, bytes: 5 };
const COUNTS = { missing: ONE, different: NONE, unchanged: NONE, extra: ONE, invalid: 0 };
const settled = (outcome: 'copied' | 'failed', reason: 'throttled' | 'access-denied' | null = null) =>
  writes(`${outcomeCount.encode({ outcome, reason, ...ONE })}\n`);

/** Two rounds, after a diff: what failed in the first heals in the second. */
const SCRIPT: Script = {
  'list-source': writes('row\n'),
  'list-destination': writes(''),
  diff: diffs('row\n', diffCounts.encode(COUNTS)),
  ...Object.fromEntries(
    [1, 2].flatMap((round) => ['plan-parts', 'copy-objects', 'complete-uploads', 'reconcile-unsettled'].map((step) => [`${step}.r${round}`, writes('row\n')])),
  ),
  'reconcile.r1': settled('failed', 'throttled'),
  'reconcile.r2': settled('copied'),
  'list-verification': writes('row\n'),
  'verify-counts': writes('equal-etag\t1\t5\n'),
  verify: writes('row\n'),
  'sweep-uploads': writes(''),
};

/** One object is refused for good, which the request tolerates and the verification explains. */
const PARTIAL: Script = { ...SCRIPT, 'reconcile.r1': settled('failed', 'access-denied'), 'verify-counts': writes('failed\t1\t5\n') };

type Scenario = Pick<WorldOrder, 'request' | 'script' | 'choices'> & { readonly base?: Injection };

const fails =
  (name: string, most = Number.POSITIVE_INFINITY): Injection =>
  (state, call) =>
    state === name && call <= most ? { before: new TaskError('Injected', 'on purpose') } : null;

const HIVE: Scenario = { request: { diff: { engine: 'hive' }, verify: true }, script: SCRIPT };
const ATHENA: Scenario = { request: { diff: { engine: 'athena', extras: true } }, script: SCRIPT };

/** Runs that between them pass every state; a state is tried in the first that passes it. */
const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'two rounds after a Hive diff, verified': HIVE,
  'one listing at a time': { ...HIVE, choices: { listTogether: false } },
  'an Athena diff': ATHENA,
  'a cluster of an image': { ...HIVE, choices: { clusterForm: 'image' } },
  'a Kerberos cluster': { ...HIVE, choices: { clusterForm: 'kerberos' } },
  'a Kerberos cluster of an image': { ...HIVE, choices: { clusterForm: 'image-and-kerberos' } },
  'an object that fails and is tolerated': { request: { verify: true, toleratedFailures: 1 }, script: PARTIAL },
  'a dry run': { request: { dryRun: true }, script: { ...SCRIPT, 'reconcile.r1': settled('failed', 'throttled') } },
  'a run that fails': { ...HIVE, base: fails('Copy objects') },
  'a cluster that cannot be terminated': { ...HIVE, base: fails('Terminate cluster') },
  'a query that fails once': { ...ATHENA, base: fails('Create table', 1) },
};

const definition = await readDefinition(process.cwd(), 'copy-run');
const all = placedStates(definition);
const tasks = all.filter(({ state }) => state.Type === 'Task');

/** Steps have a state beside them that decides on another try; it is passed where the step fails once. */
const secondTries = (passed: ReadonlySet<string>, scenario: Scenario) =>
  tasks
    .filter(({ name }) => passed.has(name) && tasks.some((other) => other.name === `${name}: decide on another try`))
    .map(({ name }): readonly [string, Scenario] => [`${name} fails once`, { ...scenario, base: fails(name, 1) }]);

const folder = await mkdtemp(join(tmpdir(), 'carillon-failures-'));
afterAll(async () => rm(folder, { recursive: true, force: true }));
let runs = 0;

async function ran({ base = () => null, ...scenario }: Scenario, inject: Injection = () => null, machine: MachineDefinition = definition): Promise<WorldEnd> {
  runs += 1;
  const home = join(folder, String(runs));
  const end = await runInWorld({ ...scenario, counts: COUNTS, folder: home, definition: machine, inject: (...at) => inject(...at) ?? base(...at) });
  await rm(home, { recursive: true, force: true });
  return end;
}

interface Try {
  readonly scenario: Scenario;
  /** How the run ends without a further fault. */
  readonly undisturbed: WorldEnd;
}

/** Where each Task is tried. */
const tries = new Map<string, Try>();

async function assign(scenarios: readonly (readonly [string, Scenario])[]): Promise<void> {
  for (const [, scenario] of scenarios) {
    const undisturbed = await ran(scenario);
    for (const name of undisturbed.calls.keys()) if (!tries.has(name)) tries.set(name, { scenario, undisturbed });
  }
}

const plain = Object.entries(SCENARIOS);
await assign(plain);
await assign(
  plain
    .filter(([, { base }]) => base === undefined)
    .flatMap(([, scenario]) => secondTries(new Set([...tries].filter(([, at]) => at.scenario === scenario).map(([name]) => name)), scenario)),
);

const tryOf = (name: string) => tries.get(name) as Try;
const stateOf = (name: string) => (all.find((placed) => placed.name === name) as PlacedState).state;

/** When one of these fails, the run goes on as if it had not: docs/failures.md. */
const GOES_ON = new Set([
  ...['Sweep uploads', 'Sweep uploads: decide on another try'],
  ...['Drop left-over tables: one', 'Drop tables: one', 'Drop tables of the failed try: one'],
  ...['Notify', 'Terminate cluster', 'Stop cluster instead', 'Release lock'],
  ...['Stop cluster', 'Summarize failed run', 'Notify of failure'],
]);

/** What these fail to do the rules do, but for a run that ended well: docs/failures.md. */
const LAST_MEANS = new Set(['Stop cluster', 'Notify', 'Notify of failure']);

/** The books are written by then. */
const AFTER_THE_BOOKS = new Set(['Notify', 'Terminate cluster', 'Stop cluster instead', 'Release lock']);

/** What holds however a run ends. */
function expectOrder(
  name: string,
  { end, output, told, locks, clusters, ran: steps, swept, calls }: WorldLeft & Pick<WorldEnd, 'end' | 'calls'>,
  { lasts }: { readonly lasts: boolean },
): void {
  // What even the last means could not stop terminates when it idles.
  const idles = name === 'Stop cluster instead' && lasts && end.status === 'SUCCEEDED';
  expect(clusters, 'clusters').toHaveLength(idles ? 1 : 0);
  // The lock of an execution that has ended counts for nothing.
  expect(locks, 'locks').toHaveLength(name === 'Release lock' && lasts && end.status === 'SUCCEEDED' ? 1 : 0);
  expect(told, 'people are told once').toHaveLength(1);
  const isSwept = swept || steps.includes('sweep-uploads.t1') || steps.includes('sweep-uploads.t2');
  if (calls.has('Plan parts') && !name.startsWith('Sweep uploads')) expect(isSwept, 'swept').toBe(true);
  if (end.status === 'SUCCEEDED') expect(output?.status).toMatch(/succeeded|partial/);
  else if (output !== null && !AFTER_THE_BOOKS.has(name)) expect(output).toMatchObject({ status: 'failed', books: null });
  if (told[0] !== undefined && output !== null) expect(told[0].toLowerCase()).toBe(`carillon run ${output.status}`);
}

/** What Retry and Catch deal with is put in order by the machine itself, without the rules. */
function expectOrderByMachine(name: string, whole: WorldEnd, { lasts }: { readonly lasts: boolean }): void {
  expectOrder(name, whole, { lasts });
  // A stop that is cut off is never asked again by the machine.
  const isLast = name === 'Stop cluster' || (lasts && (LAST_MEANS.has(name) || name === 'Summarize failed run'));
  if (!isLast) expectOrder(name, { ...whole, ...whole.byMachine }, { lasts });
}

/** The run ends as it would have. */
function expectUndisturbed({ end, output }: WorldEnd, { undisturbed }: Try): void {
  expect({ status: end.status, error: errorOf(end), output: output?.status, books: output?.books }).toEqual({
    status: undisturbed.end.status,
    error: errorOf(undisturbed.end),
    output: undisturbed.output?.status,
    books: undisturbed.output?.books,
  });
}

function errorOf(end: WorldEnd['end']): string | null {
  return 'error' in end ? end.error : null;
}

function expectFailed({ end }: WorldEnd): void {
  expect(end).toMatchObject({ status: 'FAILED', error: 'Carillon.RunFailed' });
}

const lasting =
  (name: string, fault: Fault): Injection =>
  (state) =>
    state === name ? fault : null;
const thrown = (error: string) => ({ before: new TaskError(error, 'on purpose') });
const throttled = (name: string) => (stateOf(name).Retry as readonly { ErrorEquals: readonly string[]; MaxAttempts: number }[])[0];

describe('a failure', () => {
  beforeAll(() => {
    expect(tryOf('Copy objects').undisturbed).toMatchObject({ end: { status: 'SUCCEEDED' }, output: { status: 'succeeded', verified: true } });
    expect(tryOf('Write differences').undisturbed).toMatchObject({ end: { status: 'SUCCEEDED' }, output: { status: 'partial' } });
    expect(tryOf('Stop cluster').undisturbed).toMatchObject({ end: { status: 'FAILED' }, output: { status: 'failed' } });
  });

  it('is tried in every Task: no state is left out', () => {
    expect(tasks.map(({ name }) => name).filter((name) => !tries.has(name))).toEqual([]);
  });

  it.each([...tries.keys()])('of %s that is thrown ends as documented', async (name) => {
    const end = await ran(tryOf(name).scenario, lasting(name, thrown('Injected')));
    if (GOES_ON.has(name)) expectUndisturbed(end, tryOf(name));
    else expectFailed(end);
    expectOrderByMachine(name, end, { lasts: true });
  });

  it.each([...tries.keys()])('of %s by its time-out, when it was done all the same, ends as documented', async (name) => {
    const end = await ran(tryOf(name).scenario, lasting(name, { after: new TaskError('States.Timeout', '') }));
    if (GOES_ON.has(name)) expectUndisturbed(end, tryOf(name));
    else expectFailed(end);
    expectOrderByMachine(name, end, { lasts: false });
  });

  it.each([...tries.keys()])('of %s by throttling that heals changes nothing', async (name) => {
    const error = throttled(name)?.ErrorEquals[0] ?? '';
    const end = await ran(tryOf(name).scenario, (state, call) => (state === name && call <= 2 ? thrown(error) : null));
    expectUndisturbed(end, tryOf(name));
    expectOrderByMachine(name, end, { lasts: false });
  });

  it.each([...tries.keys()])('of %s by throttling that lasts ends as documented, after all attempts', async (name) => {
    const { ErrorEquals, MaxAttempts } = throttled(name) ?? { ErrorEquals: [], MaxAttempts: 0 };
    const end = await ran(tryOf(name).scenario, lasting(name, thrown(ErrorEquals[0] ?? '')));
    if (GOES_ON.has(name)) expectUndisturbed(end, tryOf(name));
    else expectFailed(end);
    expect(end.calls.get(name)).toBeGreaterThan(MaxAttempts);
    expectOrderByMachine(name, end, { lasts: true });
  });

  it.each(
    [...tries.keys()].flatMap((name) => ['States.Runtime', 'States.DataLimitExceeded'].map((error) => [name, error] as const)),
  )('of %s by %s, which nothing catches, is put in order by the rules', async (name, error) => {
    const end = await ran(tryOf(name).scenario, lasting(name, { before: new TerminalError(error, 'on purpose') }));
    expect(end.end).toMatchObject({ status: 'FAILED', error });
    expectOrder(name, end, { lasts: false });
  });

  it.each([...tries.keys()])('of the execution, stopped in %s, is put in order by the rules', async (name) => {
    const end = await ran(tryOf(name).scenario, lasting(name, { stops: true }));
    expect(end.end.status).toBe('ABORTED');
    expectOrder(name, end, { lasts: false });
  });
});

describe('a failure of what holds other states', () => {
  const groups = all.filter(({ state }) => state.Type === 'Parallel' || state.Type === 'Map');
  /** What is passed where one of its Tasks is. */
  const within = (group: string) => tasks.find((task) => task.within.includes(group))?.name ?? '';

  /** The definition in which the first thing inside of a state is a failure. */
  function broken(name: string): MachineDefinition {
    const inner: MachineDefinition = { StartAt: `${name} broken`, States: { [`${name} broken`]: { Type: 'Fail', Error: 'Injected', Cause: 'on purpose' } } };
    const change = (state: StateDefinition): StateDefinition =>
      state.Type === 'Map' ? { ...state, ItemProcessor: inner } : { ...state, Branches: [inner, ...(state.Branches as readonly MachineDefinition[]).slice(1)] };
    return { ...definition, States: Object.fromEntries(Object.entries(definition.States).map(([key, state]) => [key, key === name ? change(state) : state])) };
  }

  it('is tried in each of them', () => {
    expect(groups.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['List both sides', 'Create tables', 'Drop left-over tables', 'Drop tables', 'Drop tables of the failed try']),
    );
    expect(groups.every(({ name, within: outer }) => outer.length === 0 && tries.has(within(name)))).toBe(true);
  });

  it.each(groups.map(({ name }) => name))('of %s ends as documented', async (name) => {
    const end = await ran(tryOf(within(name)).scenario, () => null, broken(name));
    expectFailed(end);
    expectOrderByMachine(name, end, { lasts: true });
  });
});

describe('a step', () => {
  it('that heals in its second try is no failure, and the second try has a fresh folder', async () => {
    const end = await ran(HIVE, fails('Copy objects', 1));
    expect(end.end.status).toBe('SUCCEEDED');
    expect(end.ran).toContain('copy-objects.r1.t2');
    expect(end.ran).not.toContain('copy-objects.r1.t1');
    expect(end.output?.books?.balanced).toBe(true);
  });

  it('that ran out of time is not tried again: it may be running still', async () => {
    const end = await ran(HIVE, lasting('Copy objects', thrown('States.Timeout')));
    expect(end.calls.get('Copy objects')).toBe(1);
    expectFailed(end);
  });
});

describe('a cluster', () => {
  it('whose creation timed out, so that nobody has its id, is found by its name', async () => {
    const end = await ran(HIVE, lasting('Create cluster', { after: new TaskError('States.Timeout', '') }));
    expect(end.calls.get('Stop cluster')).toBe(2);
    expect(end.clusters).toEqual([]);
  });
});
