import { describe, expect, it } from 'vitest';
import { hasOffsets, inputDirectory, inputFile, isHadoopTask, isSameDirectory, taskAttemptFrom } from '../../../emr-steps/hadoop/environment.ts';

const N_LINE = 'org.apache.hadoop.mapred.lib.NLineInputFormat';

describe('taskAttemptFrom', () => {
  it.each([
    ['attempt_1795216206768_0001_m_000002_0', '2', 0, 2],
    ['attempt_1795216206768_0001_r_000011_3', '11', 3, 11],
    ['attempt_local806748902_0001_m_000000_0', '0', 0, 0],
  ])('reads %s', (id, partition, number, task) => {
    expect(taskAttemptFrom({ mapreduce_task_attempt_id: id, mapreduce_task_partition: partition })).toEqual({ id, number, partition: task });
  });

  it('makes up a first attempt outside Hadoop', () => {
    expect(taskAttemptFrom({}, 'pid-17')).toEqual({ id: 'pid-17', number: 0, partition: 0 });
    expect(taskAttemptFrom({}).id).toMatch(/_0$/);
    expect(isHadoopTask({})).toBe(false);
  });

  it('takes what is no number for the first', () => {
    expect(taskAttemptFrom({ mapreduce_task_attempt_id: 'odd', mapreduce_task_partition: 'x' })).toEqual({ id: 'odd', number: 0, partition: 0 });
  });
});

describe('hasOffsets', () => {
  const mapper = { mapreduce_task_ismap: 'true', mapred_input_format_class: N_LINE };

  it('is true in a mapper of NLineInputFormat', () => {
    expect(hasOffsets(mapper)).toBe(true);
    expect(hasOffsets({ mapred_task_is_map: 'true', mapred_input_format_class: N_LINE, stream_map_input_ignoreKey: 'false' })).toBe(true);
  });

  it.each([
    ['with ignoreKey', { ...mapper, stream_map_input_ignoreKey: 'true' }],
    ['in a reducer', { ...mapper, mapreduce_task_ismap: 'false' }],
    ['with TextInputFormat', { ...mapper, mapred_input_format_class: 'org.apache.hadoop.mapred.TextInputFormat' }],
    ['outside Hadoop', {}],
  ])('is false %s', (_where, env) => {
    expect(hasOffsets(env)).toBe(false);
  });
});

describe('inputDirectory', () => {
  it('is what stands before the file', () => {
    expect(inputDirectory({ mapreduce_map_input_file: 's3://bucket/run/ledger/try-1/part-00000' })).toBe('s3://bucket/run/ledger/try-1');
    expect(inputFile({ mapreduce_map_input_file: 'file:/a/b' })).toBe('file:/a/b');
    expect(inputDirectory({ mapreduce_map_input_file: 'odd' })).toBe('');
  });

  it('is null outside a mapper', () => {
    expect(inputDirectory({})).toBeNull();
  });
});

describe('isSameDirectory', () => {
  it.each([
    ['hdfs://host:8020/a/b', '/a/b'],
    ['file:/a/b', 'file:///a/b/'],
    ['file:/a/b', '/a//b'],
    ['s3://bucket/a', 's3a://bucket/a/'],
  ])('takes %s and %s for one', (a, b) => {
    expect(isSameDirectory(a, b)).toBe(true);
  });

  it.each([
    ['s3://one/a', 's3://two/a'],
    ['/a/b', '/a/bb'],
    ['/b/a', '/a'],
  ])('takes %s and %s for two', (a, b) => {
    expect(isSameDirectory(a, b)).toBe(false);
  });
});
