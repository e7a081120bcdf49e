import { describe, expect, it } from 'vitest';
import { oneMachine } from '../../../lambdas/prepare-run/one-machine.ts';
import { parseRequest } from '../../../workflows/request/parse-request.ts';
import type { RunRequestInput } from '../../../workflows/request/run-request.ts';

function said(members: Partial<RunRequestInput> = {}) {
  const { findings, problems } = oneMachine(parseRequest({ source: { bucket: 'a' }, destination: { bucket: 'b' }, ...members }));
  return { codes: findings.map(({ code }) => code), problems };
}

describe('a request on one machine', () => {
  it('has nothing to be said of where it asks for nothing that only AWS has', () => {
    expect(said()).toEqual({ codes: [], problems: [] });
    expect(said({ cluster: { use: 'own' }, diff: { engine: 'hive' }, verify: true, toleratedFailures: 3 })).toEqual({ codes: [], problems: [] });
  });

  it.each([
    [{ cluster: { use: 'given', id: 'j-2AXXXXXXGAPLF' } }, 'cluster-not-used'],
    [{ cluster: { use: 'own', keep: true } }, 'cluster-not-used'],
    [{ workDirectory: 'hdfs' }, 'work-directory-not-used'],
    [{ diff: { engine: 'athena' } }, 'athena-not-used'],
    [{ notify: { topicArns: ['arn:aws:sns:eu-central-1:111122223333:told'] } }, 'notices-not-sent'],
    [{ notify: { eventBusName: 'own' } }, 'notices-not-sent'],
    [{ next: { kind: 'event', when: 'always' } }, 'next-not-started'],
  ] as const satisfies readonly (readonly [object, string])[])('is told that %o is not done: %s', (members, code) => {
    expect(said(members as Partial<RunRequestInput>)).toEqual({ codes: [code], problems: [] });
  });

  it('is refused a run directory in S3, where nobody would find the result', () => {
    expect(said({ runDirectory: 's3://work-bucket/runs' }).problems[0]).toMatch(/^runDirectory \(s3:\/\/work-bucket\/runs\) is for runs on AWS/);
  });
});
