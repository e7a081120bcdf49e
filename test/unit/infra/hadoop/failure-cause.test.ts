import { describe, expect, it } from 'vitest';
import { attemptCause, clientCause } from '../../../../infra/hadoop/failure-cause.ts';
import { progressOf } from '../../../../infra/hadoop/job-progress.ts';

describe('the cause of an attempt', () => {
  it('is what is left of the diagnostics without the words that only say error', () => {
    const diagnostics = 'Error: java.lang.RuntimeException: PipeMapRed.waitOutputThreads(): subprocess failed with code 3\n\tat org.apache…';
    expect(attemptCause(diagnostics)).toBe('subprocess failed with code 3');
    expect(attemptCause('\nAttemptID:attempt_1 Timed out after 300 secs')).toBe('AttemptID:attempt_1 Timed out after 300 secs');
    expect(attemptCause('Container released on a *lost* node')).toBe('Container released on a *lost* node');
    expect(attemptCause('')).toBe('');
  });
});

describe('the cause of a client', () => {
  it('is why the job was not launched', () => {
    const log = '2026 ERROR streaming.StreamJob: Error Launching job : Output directory hdfs://a/out already exists\nStreaming Command Failed!\n';
    expect(clientCause(log, 5)).toBe('Output directory hdfs://a/out already exists');
  });

  it('is why the application ended where the job was launched and no task could begin', () => {
    const why = 'Application application_17_1 failed 2 times due to AM Container exited with exitCode: 1';
    const log = `INFO mapreduce.Job: Job job_17_1 failed with state FAILED due to: ${why}\nERROR streaming.StreamJob: Job not successful!\nStreaming Command Failed!\n`;
    expect(clientCause(log, 1)).toBe(why);
    expect(clientCause('ERROR streaming.StreamJob: Job not successful. Error: # of failed Map Tasks exceeded\n', 1)).toBe(
      'Error: # of failed Map Tasks exceeded',
    );
    expect(clientCause('ERROR streaming.StreamJob: Job not successful!\n', 1)).toBe('Job not successful!');
  });

  it("is Hive's own sentence", () => {
    expect(clientCause('Hive Session ID = 1\nFAILED: ParseException line 1:0 cannot recognize input\n', 64)).toBe(
      'FAILED: ParseException line 1:0 cannot recognize input',
    );
  });

  it('is the exception, the last line or the code where nothing better is said', () => {
    expect(clientCause('java.net.ConnectException: Call From a to b failed\n\tat x\n', 1)).toBe('java.net.ConnectException: Call From a to b failed');
    expect(clientCause('one\ntwo\n\n', 1)).toBe('two');
    expect(clientCause('', 127)).toBe('the client ended with code 127');
  });
});

const counter = (name: string, mapCounterValue: number, reduceCounterValue: number) => ({
  name,
  mapCounterValue,
  reduceCounterValue,
  totalCounterValue: mapCounterValue + reduceCounterValue,
});
const hadoops = (...counters: readonly ReturnType<typeof counter>[]) => ({
  counterGroupName: 'org.apache.hadoop.mapreduce.TaskCounter',
  counter: counters,
});

describe('the progress of a job', () => {
  it('is what our mappers count, and what Hadoop counts of others', () => {
    const ours = { counterGroupName: 'carillon', counter: [counter('records in', 7, 0), counter('records out', 5, 0), counter('bytes', 900, 0)] };
    const groups = hadoops(counter('MAP_INPUT_RECORDS', 20, 0), counter('MAP_OUTPUT_RECORDS', 6, 0));
    expect(progressOf({ counterGroup: [ours, groups] })).toEqual({ recordsIn: 7, recordsOut: 6, bytes: 900, total: null });
    expect(progressOf({ counterGroup: [groups] })).toEqual({ recordsIn: 20, recordsOut: 6, bytes: 0, total: null });
    expect(progressOf({})).toEqual({ recordsIn: 0, recordsOut: 0, bytes: 0, total: null });
  });

  it("is the reducers' once they read, of all that the mappers wrote", () => {
    const groups = hadoops(counter('MAP_OUTPUT_RECORDS', 40, 0), counter('REDUCE_INPUT_RECORDS', 0, 10), counter('REDUCE_OUTPUT_RECORDS', 0, 3));
    expect(progressOf({ counterGroup: [groups] })).toEqual({ recordsIn: 10, recordsOut: 3, bytes: 0, total: 40 });
  });
});
