import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lockName } from '../../../lambdas/lock/pair-locks.ts';
import { prepareRun } from '../../../lambdas/prepare-run/prepare-run.ts';
import { RefusedError } from '../../../lambdas/run/refused-error.ts';
import { runIdOf } from '../../../workflows/plan/run-id.ts';
import { parseRequest } from '../../../workflows/request/parse-request.ts';
import { EXECUTION, prepared, REQUEST, surroundings } from './surroundings.ts';

const other = { ...EXECUTION, executionArn: `${EXECUTION.executionArn}-2` };

async function refusal(request: unknown, change: Parameters<typeof surroundings>[0] = {}) {
  const deps = surroundings(change);
  const error = await prepareRun({ ...EXECUTION, request }, deps).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(RefusedError);
  return { error: error as RefusedError, deps };
}

describe('prepare-run', () => {
  it('names the run by the execution, so that whoever sees the execution finds it', async () => {
    const { state } = await prepared();
    expect(state.run.id).toBe(runIdOf(new Date(EXECUTION.startedAt), EXECUTION.executionArn));
    expect(state.cluster.name).toBe(state.run.id);
  });

  it('puts the Regions that it found into the plan', async () => {
    const { state } = await prepared();
    expect(state.plan.steps.listSource.args.join(' ')).toContain('--region eu-central-1');
  });

  it('plans as the execution asks: which states are passed follows from the request', async () => {
    expect((await prepared()).state.choices).toMatchObject({
      listDestination: false,
      listTogether: false,
      diffEngine: 'none',
      purpose: 'copy',
      listSource: true,
    });
    expect((await prepared({ diff: { engine: 'hive' } })).state.choices).toMatchObject({ listDestination: true, listTogether: true, diffEngine: 'hive' });
    expect((await prepared({ dryRun: true })).state.choices).toMatchObject({ purpose: 'count', verify: false });
    expect((await prepared({ dryRun: true, verify: true, diff: { engine: 'hive' } })).state.choices).toMatchObject({ purpose: 'compare', verify: false });
    expect((await prepared({ goal: 'verify' })).state.choices).toMatchObject({ purpose: 'verify', listDestination: false });
  });

  it('refuses under the name that the machine knows, with every problem of the request', async () => {
    const { error } = await refusal({ source: { bucket: '' }, rounds: 0, colour: 'red' });
    expect(error.name).toBe('Carillon.Refused');
    expect(error.problems.join()).toMatch(/source\.bucket.*destination.*rounds.*colour/);
  });

  it('refuses both buckets at once, and holds no lock then', async () => {
    const regionOf = (name: string) => Promise.reject(new RefusedError([`${name} is not there`]));
    const { error, deps } = await refusal(REQUEST, { buckets: { regionOf, defaultEncryption: async () => null } });
    expect(error.problems).toEqual(['source is not there', 'destination is not there']);
    expect(existsSync(join(deps.folder, 'locks'))).toBe(false);
  });

  it('refuses a diff by ETag where the destination encrypts by KMS, and tells the alternative', async () => {
    const buckets = { ...surroundings().buckets, defaultEncryption: async () => 'aws:kms' };
    const { error } = await refusal({ ...REQUEST, diff: { engine: 'hive' } }, { buckets });
    expect(error.message).toContain('compare by size instead');
  });

  it('refuses while another execution that runs holds the pair, and says which', async () => {
    const { deps, state } = await prepared();
    const error = await prepareRun({ ...other, request: REQUEST }, deps).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RefusedError);
    expect((error as RefusedError).message).toContain(state.run.id);
  });

  it('takes the lock of an execution that no longer runs', async () => {
    const { deps } = await prepared({}, { isRunning: async () => false });
    await expect(prepareRun({ ...other, request: REQUEST }, deps)).resolves.toBeDefined();
  });

  it('called twice for one execution gives the same answer', async () => {
    const { deps, state } = await prepared();
    expect(await prepareRun({ ...EXECUTION, request: REQUEST }, deps)).toEqual(state);
  });

  it('lets children of one parent share the lock of the pair', async () => {
    const parent = { AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: 'arn:aws:states:eu-central-1:1:execution:fan-out:p' };
    const { deps } = await prepared(parent);
    await expect(prepareRun({ ...other, request: { ...REQUEST, ...parent } }, deps)).resolves.toBeDefined();
    await expect(prepareRun({ ...other, request: REQUEST }, deps)).rejects.toBeInstanceOf(RefusedError);
  });

  it('writes no password down, and goes on with the run all the same', async () => {
    const kerberos = { realm: 'R', kdcAdminPassword: 'kdc-secret', adDomainJoinUser: 'joiner', adDomainJoinPassword: 'join-secret' };
    const request = { ...REQUEST, cluster: { use: 'own' as const, kerberos, securityConfiguration: 'k' } };
    const { deps, state, directory } = await prepared(request);
    for (const file of ['request.json', 'run.json']) {
      const text = Buffer.from((await directory.read(file)) ?? '').toString();
      expect([text.includes('joiner'), /kdc-secret|join-secret/.test(text)]).toEqual([true, false]);
    }
    await deps.locks.release(lockName(parseRequest(request)), EXECUTION.executionArn);
    await expect(prepareRun({ ...other, request: { ...request, resume: state.run.id } }, deps)).resolves.toMatchObject({ run: { id: state.run.id } });
  });

  it('locks nothing for a run that writes nothing', async () => {
    const { deps } = await prepared({ dryRun: true });
    expect(existsSync(join(deps.folder, 'locks'))).toBe(false);
  });

  it('gives the lock back where the run directory cannot be written', async () => {
    const deps = surroundings();
    const directory = deps.home.directoryOf('x');
    const broken = { ...deps, home: { directoryOf: () => ({ ...directory, write: () => Promise.reject(new Error('full')) }) } };
    await expect(prepareRun({ ...EXECUTION, request: REQUEST }, broken)).rejects.toThrow('full');
    await expect(prepareRun({ ...other, request: REQUEST }, deps)).resolves.toBeDefined();
  });

  it('leaves the lock of a parent alone where one of its children cannot be prepared', async () => {
    const parent = { AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: 'arn:aws:states:eu-central-1:1:execution:fan-out:p' };
    const { deps } = await prepared(parent);
    const broken = { ...deps, home: { directoryOf: () => ({ ...deps.home.directoryOf('x'), write: () => Promise.reject(new Error('full')) }) } };
    await expect(prepareRun({ ...other, request: { ...REQUEST, ...parent } }, broken)).rejects.toThrow('full');
    await expect(prepareRun({ ...other, request: REQUEST }, deps)).rejects.toThrow('another run of this pair');
  });
});
