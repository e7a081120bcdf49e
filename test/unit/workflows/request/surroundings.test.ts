import { describe, expect, it } from 'vitest';
import { parseRequest } from '../../../../workflows/request/parse-request.ts';
import { least, sentencesOf } from '../../../helpers/request-refusal.ts';

function sentences(members: object): readonly string[] {
  return sentencesOf({ ...least, ...members });
}

describe('partitions of a request', () => {
  it('come from a sample, a file, an inventory or an older listing', () => {
    expect(parseRequest({ ...least, partitions: { from: 'automatic', count: 500 } }).partitions).toEqual({ from: 'automatic', count: 500 });
    expect(sentences({ partitions: { from: 'file', location: 's3://parts/part-000' } })).toEqual([]);
    expect(sentences({ partitions: { from: 'listing', location: '/data/listing' } })).toEqual([]);
    expect(sentences({ partitions: { from: 'inventory', manifest: 's3://inventory/a/all/2026-01-01T01-00Z/manifest.json' } })).toEqual([]);
  });

  it('say what is missing for each of them', () => {
    expect(sentences({ partitions: { from: 'file' } })).toEqual(['partitions.location is missing; a string is needed']);
    expect(sentences({ partitions: { from: 'inventory', manifest: '/tmp/manifest.json' } })[0]).toMatch(/^partitions\.manifest .* is no object/);
    expect(sentences({ partitions: { from: 'thin air' } })[0]).toBe(
      'partitions.from ("thin air") is not allowed; allowed are automatic, file, inventory, listing',
    );
    expect(sentences({ partitions: { from: 'file', location: 'parts.tsv' } })[0]).toMatch(/neither an object.*nor an absolute path/);
  });
});

describe('an earlier run that a request names', () => {
  const verifiedRun = '20260101-030405-0123456789';

  it('is of a verification alone: any other run needs a listing of its own', () => {
    expect(sentences({ goal: 'verify', verifiedRun })).toEqual([]);
    expect(sentences({ verifiedRun })).toEqual(['verifiedRun goes with the goal verify alone, and the goal is a copy; leave one of them out']);
    expect(sentences({ goal: 'verify', verifiedRun: 'A' })[0]).toMatch(/^verifiedRun \("A"\) is no run id/);
  });
});

describe('places of a request', () => {
  it('are taken without a slash at their end', () => {
    expect(parseRequest({ ...least, runDirectory: 's3://work-bucket/runs//' }).runDirectory).toBe('s3://work-bucket/runs');
  });

  it('hold no signs that Hadoop would read as a pattern or a list', () => {
    for (const place of ['s3://work-bucket/{a,b}', 's3://work-bucket/a?', 's3://work-bucket/a b', 's3://WORK/a', '/tmp/runs'])
      expect(sentences({ runDirectory: place })[0]).toMatch(/^runDirectory /);
  });

  it('are not on a cluster that outlives the run', () => {
    expect(sentences({ workDirectory: 'hdfs' })).toEqual([]);
    expect(sentences({ workDirectory: 'hdfs', cluster: { use: 'own', keep: true } })[0]).toMatch(/^workDirectory cannot be hdfs on a cluster that outlives/);
    expect(sentences({ workDirectory: 'hdfs', cluster: { use: 'given', id: 'j-2AXXXXXXGAPLF' } })).toHaveLength(1);
  });
});

describe('the end of a request', () => {
  const next = { kind: 'event' } as const;

  it('starts what is next after verified success, which must be able to come', () => {
    expect(parseRequest({ ...least, verify: true, next }).next).toEqual({
      kind: 'event',
      busName: 'default',
      source: 'carillon',
      detailType: 'Carillon Next',
      when: 'verified-success',
    });
    expect(sentences({ next })[0]).toMatch(/^next\.when is verified-success, but verify is false/);
    expect(sentences({ next, verify: true, dryRun: true })[0]).toMatch(/dryRun is true/);
    expect(sentences({ next: { ...next, when: 'always' } })).toEqual([]);
  });

  it('names a machine, a function or a job by what AWS calls it', () => {
    const always = { when: 'always' } as const;
    const arn = 'arn:aws:states:eu-central-1:111122223333:stateMachine:after';
    expect(sentences({ next: { kind: 'state-machine', stateMachineArn: arn, ...always } })).toEqual([]);
    expect(sentences({ next: { kind: 'lambda', functionArn: arn, ...always } })[0]).toMatch(/^next\.functionArn .*is no such ARN/);
    expect(sentences({ next: { kind: 'glue-job', jobName: 'j', arguments: { input: 'x' }, ...always } })).toEqual([
      'next.arguments.input ("input") is no argument of a job, such as --name',
    ]);
  });

  it('tells topics, a bus, and tolerates as many failures as it says', () => {
    const request = parseRequest({
      ...least,
      toleratedFailures: 5,
      notify: { topicArns: ['arn:aws:sns:eu-central-1:111122223333:told'], eventBusName: 'own', on: 'problem' },
    });
    expect(request.toleratedFailures).toBe(5);
    expect(request.notify).toEqual({ topicArns: ['arn:aws:sns:eu-central-1:111122223333:told'], eventBusName: 'own', on: 'problem' });
    expect(sentences({ notify: { topicArns: ['told'] } })[0]).toMatch(/^notify\.topicArns\.0 .*is no such ARN/);
    expect(sentences({ toleratedFailures: -1, resume: 'Run 1' })).toHaveLength(2);
  });
});
