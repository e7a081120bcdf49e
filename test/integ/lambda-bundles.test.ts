import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HANDLERS } from '../../workflows/state-machine/handlers.ts';

const ROOT = join(import.meta.dirname, '../..');
const LARGEST = 5 * 1024 * 1024;

const SETTINGS = {
  AWS_REGION: 'eu-central-1',
  CARILLON_BASE: 's3://base/carillon',
  CARILLON_FAN_OUT_STATE_MACHINE_ARN: 'arn:aws:states:eu-central-1:111122223333:stateMachine:fan-out',
  CARILLON_PAIRS: '/carillon/carillon/pairs',
  CARILLON_CLUSTER: '{"nodeArchive":"s3://base/node.tar.gz","files":{}}',
  CARILLON_STATE_MACHINE_ARN: 'arn:aws:states:eu-central-1:1:stateMachine:copy-run',
  CARILLON_TOPIC_ARN: 'arn:aws:sns:eu-central-1:1:runs',
  CARILLON_EVENT_BUS: 'default',
};

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-bundles-'));
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

const lambdas = (await readdir(join(ROOT, 'lambdas'))).filter((name) => existsSync(join(ROOT, 'lambdas', name, `${name}.lambda.ts`)));
const bundleOf = (name: string) => join(ROOT, 'build', 'lambdas', name, 'index.mjs');

describe('the bundles of the functions', () => {
  it('are as many as the handlers that the machine and its callers need', () => {
    const needed = [...Object.keys(HANDLERS), 'start-run'];
    expect(lambdas).toEqual(expect.arrayContaining(needed));
  });

  it.each(lambdas)('hold %s in less than 5 MB', async (name) => {
    expect((await stat(bundleOf(name))).size).toBeLessThan(LARGEST);
  });

  it.each(lambdas)("hold zod's messages for %s in one language of its fifty", async (name) => {
    const text = await readFile(bundleOf(name), 'utf8');
    expect(text).toContain('Invalid input: expected ');
    expect(text).not.toContain('Input non valido');
  });

  it.each(lambdas)('hold all that %s needs: it loads where nothing is installed, and refuses what is no input of its', async (name) => {
    const alone = join(folder, `${name}.mjs`);
    await copyFile(bundleOf(name), alone);
    const context = `{ functionName: 'f', functionVersion: '1', invokedFunctionArn: 'a', memoryLimitInMB: '1', awsRequestId: 'r', getRemainingTimeInMillis: () => 1000 }`;
    const script = `const { handler } = await import(${JSON.stringify(alone)}); await handler({ no: 'input' }, ${context}).catch((error) => console.error('thrown', error.name));`;
    const { stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { cwd: folder, env: SETTINGS });
    expect(stderr).toContain('thrown ParseError');
  });
});
