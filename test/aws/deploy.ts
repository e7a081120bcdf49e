/**
 * `make e2e-aws`: the synthesised stack on MiniStack, where a schedule starts the machine too, and on LocalStack where that is installed. What an
 * emulator does not know is left out and listed. Says so where it was not run.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startLocalStack } from '../localstack/server.ts';
import { type Abilities, deploy, failures } from './deployment.ts';
import { asked, type Emulator, startEmulator } from './emulator.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const MINISTACK = join(ROOT, 'build/tools/python/bin/ministack');
const LOCALSTACK = join(ROOT, 'build/localstack/venv/bin/python');

async function localStack(): Promise<Emulator> {
  const { url, stop } = await startLocalStack(async (folder) => {
    const mocks = join(folder, 'mocks.json');
    await writeFile(mocks, JSON.stringify({ StateMachines: {}, MockedResponses: {} }));
    return mocks;
  });
  return { ...asked(url), url, close: stop };
}

async function deployOn(start: () => Promise<Emulator>, abilities: Abilities): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'carillon-e2e-aws-'));
  const emulator = await start();
  try {
    await deploy(emulator, folder, abilities);
  } finally {
    await emulator.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * What LocalStack 2026.3 does not do without the network, or fails at without a reason: it downloads the runtime of functions, gives elastic
 * addresses no id that a NAT gateway could name, and takes neither metric math nor our dashboard.
 */
const LACKS_OF_LOCALSTACK = [
  ...['AWS::Lambda::Function', 'AWS::Lambda::Permission', 'AWS::Lambda::EventInvokeConfig'],
  ...['AWS::CloudWatch::Alarm with metric math', 'AWS::CloudWatch::Dashboard'],
  ...['AWS::EC2::EIP', 'AWS::EC2::NatGateway', 'AWS::EC2::Route'],
];

const EMULATORS = [
  {
    name: 'MiniStack',
    program: MINISTACK,
    how: 'make tools, which needs Python 3.10 or newer',
    abilities: { firesSchedules: true, lacks: [] },
    start: () => startEmulator(MINISTACK, join(process.execPath, '..')),
  },
  {
    name: 'LocalStack',
    program: LOCALSTACK,
    how: 'make localstack, which needs Python 3.12 or newer',
    abilities: { firesSchedules: false, lacks: LACKS_OF_LOCALSTACK },
    start: localStack,
  },
] as const;

for (const { name, program, how, abilities, start } of EMULATORS) {
  if (!existsSync(program)) {
    console.log(`on ${name} nothing was run and nothing is proven: it is not installed (${how})`);
    continue;
  }
  console.log(`on ${name}:`);
  await deployOn(start, abilities);
}
if (failures() > 0) process.exitCode = 1;
