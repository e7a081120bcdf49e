/** The synthesised stack on an emulator: created, looked at by the API of each service, updated by a change set, started by a schedule, deleted. */
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { workflowApp } from '../../infra/aws/app.ts';
import { parseConfiguration } from '../../infra/aws/configuration.ts';
import { CONFIGURATION, fakeArtifacts, type Resource, type StackTemplate } from '../helpers/workflow-stack.ts';
import { publishAssets } from './assets.ts';
import { type Emulator, PLACE } from './emulator.ts';
import { knownPart } from './known-part.ts';
import { type StackClient, stackClient } from './stack-client.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const TOOLS = join(ROOT, 'build/tools/python/bin');

/** How long a schedule of every minute may take to start a run. */
const SCHEDULE_SECONDS = 180;

let failed = 0;

/** Claims that did not hold, of all deployments. */
export function failures(): number {
  return failed;
}

function check(what: string, holds: boolean, found: unknown = ''): void {
  if (!holds) failed += 1;
  console.log(`${holds ? 'ok    ' : 'FAILED'} ${what}${holds ? '' : ` (found ${JSON.stringify(found)})`}`);
}

/** A stack of the tests' configuration, with real functions. @param schedules - beside its own */
function template(folder: string, schedules: object): { readonly assembly: string; readonly template: StackTemplate } {
  const artifacts = fakeArtifacts();
  rmSync(join(artifacts, 'lambdas'), { recursive: true });
  symlinkSync(join(ROOT, 'build/lambdas'), join(artifacts, 'lambdas'));
  const assembly = mkdtempSync(join(folder, 'assembly-'));
  const pairs = { ...CONFIGURATION.pairs, plain: { request: { source: { bucket: 'source-a' }, destination: { bucket: 'destination-a' } } } };
  const configuration = parseConfiguration({ ...CONFIGURATION, pairs, schedules: { ...CONFIGURATION.schedules, ...schedules } });
  const { stacks } = workflowApp(configuration, { artifacts, output: assembly, folder }).synth();
  rmSync(artifacts, { recursive: true });
  return { assembly, template: stacks[0]?.template as StackTemplate };
}

/** What an emulator can do. */
export interface Abilities {
  readonly firesSchedules: boolean;
  /** Kinds of resources that it does not do without saying so. */
  readonly lacks: readonly string[];
}

/** What an emulator may say of a kind of resource that it does not do. */
const NOT_KNOWN = /^(\S+) .*(?:not (?:yet )?(?:implemented|supported|available)|no .*provider|metric math|pro version|501)/i;

/** Rounds in which an emulator tells what it does not know. */
const ROUNDS = 8;

/** Creates the stack, leaving out what the emulator says it does not know, kind by kind. @returns what stays */
async function created(client: StackClient, whole: StackTemplate, { lacks }: Abilities): Promise<(resource: Resource) => boolean> {
  const unknown = new Set<string>(lacks);
  const isKnown = (resource: Resource): boolean => !unknown.has(kindOf(resource));
  for (let round = 1; ; round += 1) {
    const { status, failures } = await client.create(knownPart(whole, isKnown)).catch((error: Error) => ({ status: 'REFUSED', failures: [error.message] }));
    if (status === 'CREATE_COMPLETE') break;
    const told = failures.flatMap(unknownKinds).filter((kind) => !unknown.has(kind));
    if (told.length === 0 || round === ROUNDS) throw new Error(`the stack is ${status}: ${failures.join('; ')}`);
    for (const kind of told) unknown.add(kind);
    if (status !== 'REFUSED') await client.remove();
  }
  console.log(`       not known there, and left out: ${[...unknown].toSorted().join(', ') || 'nothing'}`);
  return isKnown;
}

/** The type; alarms on several metrics at once are a kind of their own. */
function kindOf({ Type, Properties }: Resource): string {
  return Type === 'AWS::CloudWatch::Alarm' && Properties.Metrics !== undefined ? `${Type} with metric math` : Type;
}

function unknownKinds(failure: string): readonly string[] {
  const types = /Unrecognized resource types: \[([^\]]*)\]/.exec(failure)?.[1]?.split(', ');
  if (types !== undefined) return types;
  const [, type] = NOT_KNOWN.exec(failure) ?? [];
  if (type === undefined || type === 'AWS::CloudFormation::Stack') return [];
  return [/metric math/.test(failure) ? `${type} with metric math` : type];
}

/** Each kind of resource by the API of its own service: a stack that is complete proves little on an emulator. */
async function lookAt(emulator: Emulator, client: StackClient, whole: StackTemplate, isKnown: (resource: Resource) => boolean): Promise<void> {
  const resources = await client.resources();
  const wanted = Object.entries(whole.Resources).filter(([, resource]) => isKnown(resource) && resource.Type !== 'AWS::CDK::Metadata');
  check(
    `${wanted.length} resources are complete`,
    wanted.every(([id]) => resources.some((one) => one.id === id && one.status.endsWith('_COMPLETE'))),
    resources.length,
  );
  const { stateMachines } = await emulator.json('states', 'AWSStepFunctions.ListStateMachines');
  const names = (stateMachines as readonly { readonly name: string }[]).map(({ name }) => name).toSorted();
  check('both machines are there', names.join() === 'carillon-copy-run,carillon-fan-out', names);
  const { definition } = await emulator.json('states', 'AWSStepFunctions.DescribeStateMachine', { stateMachineArn: machineArn() });
  check('the definition has nothing open', typeof definition === 'string' && !definition.includes('${') && /carillon-?prepare-?run/i.test(definition));
  const hasFunctions = Object.values(whole.Resources).some((resource) => resource.Type === 'AWS::Lambda::Function' && isKnown(resource));
  if (hasFunctions) await lookAtFunctions(emulator);
  const { Parameter } = await emulator.json('ssm', 'AmazonSSM.GetParameter', { Name: '/carillon/carillon/pairs/logs' });
  check('the pair is a parameter', String((Parameter as { readonly Value?: string }).Value).includes('source-logs'), Parameter);
  const rules = await emulator.json('events', 'AWSEvents.ListRules', {});
  check(
    'the rules on ended executions are there',
    ['carillon-stop', 'carillon-conclude', 'carillon-follow'].every((name) => JSON.stringify(rules).includes(`"${name}"`)),
    rules,
  );
  const workBucket = resources.find(({ id }) => /^CarillonWorkBucket[0-9A-F]{8}$/.test(id))?.name ?? '';
  // Its encryption is in the template alone: MiniStack takes no encryption of a bucket from a template.
  const versioning = await emulator.rest('s3', 'GET', `/${workBucket}?versioning`);
  check('the work bucket keeps versions', versioning.text.includes('<Status>Enabled</Status>'), versioning.text);
}

async function lookAtFunctions(emulator: Emulator): Promise<void> {
  const functions = await emulator.rest('lambda', 'GET', '/2015-03-31/functions/');
  check('13 functions are there', (JSON.parse(functions.text) as { readonly Functions: readonly unknown[] }).Functions.length === 13);
}

function machineArn(): string {
  return `arn:aws:states:${PLACE.region}:${PLACE.account}:stateMachine:carillon-copy-run`;
}

async function executions(emulator: Emulator): Promise<readonly { readonly name: string }[]> {
  const { executions: found } = await emulator.json('states', 'AWSStepFunctions.ListExecutions', { stateMachineArn: machineArn() });
  return found as readonly { readonly name: string }[];
}

/** The change set brings a schedule of every minute; within three it has started a run of a pair that is a parameter, by `start-run`, under its name. */
async function startedBySchedule(emulator: Emulator): Promise<void> {
  for (let second = 0; second < SCHEDULE_SECONDS; second += 2) {
    if ((await executions(emulator)).some(({ name }) => name.startsWith('every-minute-'))) break;
    await pause(2000);
  }
  const found = await executions(emulator);
  check(
    'the schedule has started the machine',
    found.some(({ name }) => name.startsWith('every-minute-')),
    found,
  );
}

/** Deploys. */
export async function deploy(emulator: Emulator, folder: string, abilities: Abilities): Promise<void> {
  const client = stackClient(emulator);
  const first = template(folder, {});
  await emulator.json('ssm', 'AmazonSSM.PutParameter', { Name: '/cdk-bootstrap/hnb659fds/version', Value: '30', Type: 'String', Overwrite: true });
  console.log(`       ${await publishAssets(emulator, first.assembly, join(TOOLS, 'python3'))} assets published`);
  const isKnown = await created(client, first.template, abilities);
  await lookAt(emulator, client, first.template, isKnown);
  const second = template(folder, { 'every-minute': { when: 'rate(1 minute)', pair: 'plain' } });
  const { changes, status } = await client.update(knownPart(second.template, isKnown));
  check('a change set adds one schedule and nothing else', status === 'UPDATE_COMPLETE' && changes.length === 1, { status, changes });
  if (abilities.firesSchedules) await startedBySchedule(emulator);
  else console.log('       it fires no schedules, so none has started the machine');
  const gone = await client.remove();
  check('the stack is deleted', gone === 'GONE' || gone === 'DELETE_COMPLETE', gone);
  const left = await emulator.json('states', 'AWSStepFunctions.ListStateMachines');
  check('no machine is left', (left.stateMachines as readonly unknown[]).length === 0, left);
}
