/** The synthesised definitions on an interpreter that isn't ours: the flow, with mocked tasks. What the tasks are given is checked elsewhere. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SFNClient } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDefinition } from '../../infra/local/engine/definition.ts';
import { answersOf } from './answers.ts';
import { ourPassage } from './our-passage.ts';
import { SCENARIOS } from './scenarios.ts';
import { type LocalStack, startLocalStack } from './server.ts';
import { createMachine, mockFile, statesClient, theirPassage } from './their-passage.ts';

const MACHINES = ['copy-run', 'fan-out'] as const;
const definitions = { 'copy-run': await readDefinition(process.cwd(), 'copy-run'), 'fan-out': await readDefinition(process.cwd(), 'fan-out') };
const cases = SCENARIOS.map((scenario, at) => ({ ...scenario, name: `case-${at}`, all: answersOf(definitions[scenario.machine], scenario.answers) }));

let server: LocalStack;
let client: SFNClient;
const machines = new Map<string, string>();

beforeAll(async () => {
  const byMachine = MACHINES.map((machine) => [
    machine,
    Object.fromEntries(cases.filter((one) => one.machine === machine).map(({ name, all }) => [name, all])),
  ]);
  server = await startLocalStack(async (folder) => {
    await writeFile(join(folder, 'mocks.json'), mockFile(Object.fromEntries(byMachine)));
    return join(folder, 'mocks.json');
  });
  client = statesClient(server.url);
  for (const machine of MACHINES) machines.set(machine, await createMachine(client, machine, definitions[machine]));
});

afterAll(async () => {
  client?.destroy();
  await server?.stop();
});

describe('the definitions on LocalStack and on the local engine', () => {
  it.each(cases)('pass the same states in the same order where $title', async ({ machine, name, all, ends }) => {
    const definition = definitions[machine];
    const [ours, theirs] = await Promise.all([ourPassage(definition, all), theirPassage(client, machines.get(machine) ?? '', name, definition)]);
    expect(theirs).toEqual(ours);
    expect(theirs.end).toBe(ends);
    expect(ours.states.length).toBeGreaterThan(3);
  });
});
