/** Jobs from their arguments to their output, as hadoop.md measured them on Hadoop 3.4.2. */
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localCluster } from '../../../infra/local/cluster/local-cluster.ts';
import type { RunEvent } from '../../../workflows/events/run-event.ts';
import { eventsOf, JobFolder, MAP_ONLY, N_LINE } from './run-job.ts';

let folder: JobFolder;
beforeEach(async () => {
  folder = await JobFolder.create();
});
afterEach(async () => {
  await folder.remove();
});

const ODD = Buffer.concat([Buffer.from('one\ttwo\nno tab\n\nlone\rcr\tx\ncrlf\r\nnul\0\t'), Buffer.from([0xff, 0xfe, 0x80]), Buffer.from('\u2028\nunended')]);
const ODD_TAIL = `nul\0\t${Buffer.from([0xff, 0xfe, 0x80]).toString('latin1')}${Buffer.from('\u2028').toString('latin1')}\n`;
const MAPS_1 = ['-D', 'mapreduce.job.maps=1'];

describe('a map-only job', () => {
  it('adds a TAB to a line without one, and takes CR for a line end', async () => {
    await folder.put('in/a', ODD);
    const { output } = await folder.run([...MAPS_1, '-numReduceTasks', '0', '-mapper', 'cat']);
    expect(output).toEqual({ _SUCCESS: '', 'part-00000': `one\ttwo\nno tab\t\n\t\nlone\t\ncr\tx\ncrlf\t\n${ODD_TAIL}unended\t\n` });
  });

  it('writes exact lines under keyonlytext', async () => {
    await folder.put('in/a', ODD);
    const { output } = await folder.run([...MAP_ONLY, '-mapper', 'cat']);
    expect(output?.['part-00000']).toBe(`one\ttwo\nno tab\n\nlone\ncr\tx\ncrlf\n${ODD_TAIL}unended\n`);
  });

  it('breaks lines at CR in the output of the mapper too', async () => {
    await folder.put('in/a', 'x\n');
    const { output } = await folder.run([...MAP_ONLY, '-mapper', "printf 'a\\rb\\r\\nc'"]);
    expect(output?.['part-00000']).toBe('a\nb\nc\n');
  });

  it('gives offsets under NLineInputFormat, and numbers its parts by size', async () => {
    await folder.put('in/a', '1\n22\n333\n4444\n5\n');
    const words = ['-D', 'mapreduce.job.reduces=0', '-D', 'mapreduce.input.lineinputformat.linespermap=2'];
    const { output } = await folder.run([...words, ...N_LINE, '-mapper', 'cat']);
    expect(output).toEqual({ _SUCCESS: '', 'part-00000': '5\t333\n9\t4444\n', 'part-00001': '0\t1\n2\t22\n', 'part-00002': '14\t5\n' });
  });

  it('writes an empty part for an empty file, and no part for none', async () => {
    await folder.put('in/a', '');
    expect((await folder.run([...MAP_ONLY, '-mapper', 'cat'])).output).toEqual({ _SUCCESS: '', 'part-00000': '' });
    await folder.remove();
    folder = await JobFolder.create();
    await folder.put('in/a', '');
    expect((await folder.run([...MAP_ONLY, ...N_LINE, '-mapper', 'cat'])).output).toEqual({ _SUCCESS: '' });
  });

  it('reads gzip and writes gzip', async () => {
    await folder.put('in/a.gz', gzipSync('a\tb\n'));
    const compress = [
      '-D',
      'mapreduce.output.fileoutputformat.compress=true',
      '-D',
      'mapreduce.output.fileoutputformat.compress.codec=org.apache.hadoop.io.compress.GzipCodec',
    ];
    expect((await folder.run([...MAP_ONLY, ...compress, '-mapper', 'cat'])).output).toEqual({ _SUCCESS: '', 'part-00000.gz': 'a\tb\n' });
  });

  it('carries a line of 5 MB whole', async () => {
    const line = 'é'.repeat(2_500_000);
    await folder.put('in/a', `short\n${line}\nshort\n`);
    const { output } = await folder.run([...MAP_ONLY, '-mapper', 'cat']);
    expect(Buffer.from(output?.['part-00000'] ?? '', 'latin1').toString() === `short\n${line}\nshort\n`).toBe(true);
  });
});

describe('a job with reducers', () => {
  it('brings all rows of a key to one reducer, in order, with the part numbers of Hadoop', async () => {
    const rows = Array.from({ length: 20 }, (_, at) => `key${(at * 7) % 5}\t${String(at % 4).padStart(5, '0')}\tv${at}\n`);
    await folder.put('in/a', rows.join(''));
    const words = ['-D', 'stream.num.map.output.key.fields=2', '-D', 'mapreduce.job.reduces=3', '-D', 'mapreduce.partition.keypartitioner.options=-k1,1'];
    const partitioner = ['-partitioner', 'org.apache.hadoop.mapred.lib.KeyFieldBasedPartitioner'];
    const { output } = await folder.run([...words, '-D', 'stream.reduce.output=keyonlytext', '-mapper', 'cat', '-reducer', 'cat', ...partitioner], {
      sortMemoryBytes: 100,
    });
    const keys = ['part-00000', 'part-00001', 'part-00002'].map((part) => [...new Set(output?.[part]?.match(/^key\d/gm))]);
    expect(keys).toEqual([['key1', 'key4'], ['key2'], ['key0', 'key3']]);
    for (const part of ['part-00000', 'part-00001', 'part-00002']) {
      const lines = (output?.[part] ?? '')
        .trimEnd()
        .split('\n')
        .map((line) => line.split('\t').slice(0, 2).join('\t'));
      expect(lines).toEqual([...lines].sort());
    }
    expect(
      Object.values(output ?? {})
        .join('')
        .trimEnd()
        .split('\n')
        .sort(),
    ).toEqual(rows.map((row) => row.trimEnd()).sort());
  });

  it('passes rows on as they are sorted where there is no reducer command', async () => {
    await folder.put('in/a', 'b\t1\na\nB\t2\n');
    expect((await folder.run(['-mapper', 'cat'])).output).toEqual({ _SUCCESS: '', 'part-00000': 'B\t2\na\t\nb\t1\n' });
  });

  it('reads line TAB (null) under keyonlytext on the map side', async () => {
    await folder.put('in/a', 'b\tx\na\n');
    const { output } = await folder.run(['-D', 'stream.map.output=keyonlytext', '-mapper', 'cat', '-reducer', 'cat']);
    expect(output?.['part-00000']).toBe('a\t(null)\nb\tx\t(null)\n');
  });

  it('drops what a reducer without rows writes and counts, as Hadoop does', async () => {
    await folder.put('in/a', '');
    const { output, counters } = await folder.run(['-mapper', 'cat', '-reducer', "bash -c 'cat; echo total; echo reporter:counter:g,n,1 >&2'"]);
    expect(output).toEqual({ _SUCCESS: '', 'part-00000': '' });
    expect(counters).toEqual({});
  });

  it('writes empty parts where there is no row at all, or none under -lazyOutput', async () => {
    await folder.put('in/a', '');
    const words = ['-D', 'mapreduce.job.reduces=2', ...N_LINE, '-mapper', 'cat', '-reducer', 'cat'];
    expect((await folder.run(words)).output).toEqual({ _SUCCESS: '', 'part-00000': '', 'part-00001': '' });
    await folder.remove();
    folder = await JobFolder.create();
    await folder.put('in/a', 'x\n');
    expect(Object.keys((await folder.run([...words, '-lazyOutput'])).output ?? {})).toEqual(['_SUCCESS', expect.stringMatching(/^part-0000[01]$/)]);
  });
});

describe('a task', () => {
  it('runs in a sandbox with its files and archives, and leaves nothing', async () => {
    await folder.put('in/a', 'x\n');
    await folder.put('data.txt', 'data');
    await mkdir(join(folder.path, 'tree'));
    await folder.put('tree/tool', '#!/bin/sh\necho tool\n', 0o755);
    const files = ['-files', `${folder.path}/data.txt,${folder.path}/data.txt#other.txt`, '-archives', `${folder.path}/tree#node`];
    const program = "bash -c 'cat > /dev/null; node/tool; cat data.txt other.txt; echo; ls; [ $PWD = $(pwd -P) ] && echo at home; touch $TMPDIR/x'";
    const { output } = await folder.run([...MAP_ONLY, ...files, '-mapper', program]);
    expect(output?.['part-00000']).toBe('tool\ndatadata\ndata.txt\nnode\nother.txt\ntmp\nat home\n');
    expect(await readdir(join(folder.path, 'work'))).toEqual([]);
  });

  it('has an archive unpacked', async () => {
    await folder.put('in/a', 'x\n');
    await mkdir(join(folder.path, 'tree'));
    await folder.put('tree/tool', '#!/bin/sh\ncat\n', 0o755);
    const { execFileSync } = await import('node:child_process');
    execFileSync('tar', ['-czf', join(folder.path, 'tree.tar.gz'), '-C', join(folder.path, 'tree'), '.']);
    const { output } = await folder.run([...MAP_ONLY, '-archives', `${folder.path}/tree.tar.gz#node`, '-mapper', 'node/tool']);
    expect(output?.['part-00000']).toBe('x\n');
  });

  it('has every job property in its environment', async () => {
    await folder.put('in/a', 'x\n');
    const program =
      "bash -c 'cat > /dev/null; echo $mapreduce_task_ismap $mapreduce_task_partition $mapreduce_job_maps $my_own $A$B $HOME $(basename $mapreduce_map_input_file)'";
    const { output } = await folder.run([...MAP_ONLY, '-D', 'my.own=1 2', '-cmdenv', 'A=a b', '-cmdenv', 'B=b', '-mapper', program]);
    expect(output?.['part-00000']).toBe('true 0 1 1 2 ab /home/ a\n');
  });

  it('writes its log where it is asked for, reports left out', async () => {
    await folder.put('in/a', 'x\n');
    await folder.run([...MAP_ONLY, '-mapper', "bash -c 'cat; echo hello >&2; echo reporter:status:s >&2'"], { logDirectory: join(folder.path, 'logs') });
    const [log = ''] = await readdir(join(folder.path, 'logs', 'test'));
    expect(log).toMatch(/^attempt_\d+_0001_m_000000_0\.log$/);
    expect(await folder.read(`logs/test/${log}`)).toBe('hello\n');
  });

  it.each([
    ['the cluster', [], { concurrentTasks: 2 }, 2],
    ['the job', ['-D', 'mapreduce.job.running.map.limit=1'], { concurrentTasks: 4 }, 1],
  ])('runs beside no more others than %s allows', async (_who, words, options, limit) => {
    await folder.put('in/a', '1\n2\n3\n4\n5\n');
    await mkdir(join(folder.path, 'running'));
    const program = `bash -c 'cd ${folder.path}/running; touch $mapreduce_task_id; ls | wc -l; sleep 0.1; rm $mapreduce_task_id; cat > /dev/null'`;
    const { output } = await folder.run([...MAP_ONLY, ...words, ...N_LINE, '-mapper', program], options);
    const seen = Object.entries(output ?? {}).flatMap(([name, content]) => (name === '_SUCCESS' ? [] : [Number(content)]));
    expect(seen).toHaveLength(5);
    expect(Math.max(...seen)).toBe(limit);
  });
});

describe('a job that cannot run', () => {
  it.each([
    [['-mapper', 'cat', '-D', 'a=b'], 'Unrecognized option: -D; generic options (-D -files -archives) come before all others'],
    [['-files', '/no/such/file', '-mapper', 'cat'], 'File /no/such/file does not exist.'],
    [['-mapper', 'cat', '-partitioner', 'x.Y', '-numReduceTasks', '2'], '-partitioner : class not found : x.Y'],
  ])('is refused before anything is written: %j', async (words, message) => {
    await folder.put('in/a', 'x\n');
    const result = await folder.run(words);
    expect(result.outcome).toMatchObject({ status: 'failed', cause: expect.stringContaining(message) });
    expect(result.output).toBeNull();
    expect(eventsOf(result, 'step.failed')).toHaveLength(1);
  });

  it('is refused where the output exists, whose files stay as they are', async () => {
    await folder.put('in/a', 'x\n');
    await mkdir(join(folder.path, 'out'));
    await folder.put('out/kept', 'kept');
    const result = await folder.run([...MAP_ONLY, '-mapper', 'cat']);
    expect(result.outcome).toEqual({ status: 'failed', cause: `Output directory file:${folder.path}/out already exists`, log: '' });
    expect(result.output).toEqual({ kept: 'kept' });
  });

  it('is refused where an input is missing', async () => {
    const result = await folder.run([...MAP_ONLY, '-mapper', 'cat', '-input', `${folder.path}/no`]);
    expect(result.outcome).toMatchObject({ cause: `Input path does not exist: file:${folder.path}/no` });
  });
});

describe('a cluster', () => {
  it('says aloud which arguments it ignores', async () => {
    await folder.put('in/a', 'x\n');
    const result = await folder.run(['-D', 'mapreduce.map.memory.mb=2048', '-D', 'mapreduce.map.speculative=false', ...MAP_ONLY, '-mapper', 'cat', '-verbose']);
    expect(eventsOf(result, 'step.ignored-argument').map(({ argument, reason }) => [argument, reason])).toEqual([
      ['-verbose', 'the local cluster does not know it'],
      ['-D mapreduce.map.memory.mb=2048', 'there are no containers here: memory and cores of a task are not limited'],
    ]);
  });

  it('tells of a step from its start to its end, with progress that programs report', async () => {
    await folder.put('in/a', 'x\ny\n');
    const program = "bash -c 'cat; echo reporter:counter:carillon,records in,2 >&2; echo reporter:counter:carillon,bytes,70 >&2; sleep 0.3'";
    const result = await folder.run([...MAP_ONLY, '-mapper', program], { progressMilliseconds: 20 });
    expect(result.events[0]).toMatchObject({ type: 'step.started', step: 'test', args: expect.arrayContaining(['hadoop-streaming']) });
    expect(eventsOf(result, 'step.progress').at(-1)?.progress).toEqual({ recordsIn: 2, recordsOut: 2, bytes: 70, total: null });
    expect(result.events.at(-1)).toMatchObject({ type: 'step.finished', step: 'test', progress: { recordsIn: 2, recordsOut: 2, bytes: 70 } });
    expect(result.counters).toEqual({ 'carillon.records in': 2, 'carillon.bytes': 70 });
  });

  it('knows how many records a step will get where it wrote them itself', async () => {
    await folder.put('in/a', 'c\nb\na\n');
    const finished: RunEvent[] = [];
    const cluster = localCluster({ events: (event) => (event.type === 'step.finished' ? finished.push(event) : 0), workDirectory: join(folder.path, 'work') });
    const [first, second, third] = ['one', 'two', 'three'].map((name) => join(folder.path, name));
    const run = async (name: string, ...words: string[]) => await cluster.run({ name, args: ['hadoop-streaming', ...words] }, new AbortController().signal);
    await run('first', ...MAP_ONLY, '-mapper', 'cat', '-input', join(folder.path, 'in'), '-output', first as string);
    await run('second', ...MAP_ONLY, '-mapper', 'cat', '-input', first as string, '-output', second as string);
    await run('third', '-mapper', 'cat', '-reducer', 'cat', '-input', `${first},file://${second}`, '-output', third as string);
    await cluster.close();
    expect(finished.map((event) => event.type === 'step.finished' && event.progress)).toEqual([
      { recordsIn: 3, recordsOut: 3, bytes: 0, total: null },
      { recordsIn: 3, recordsOut: 3, bytes: 0, total: 3 },
      { recordsIn: 6, recordsOut: 6, bytes: 0, total: 6 },
    ]);
  });

  it('hands hive-script steps on, and refuses what it cannot run', async () => {
    const seen: unknown[] = [];
    const cluster = localCluster({
      hiveScript: async (words, _signal, step) => {
        seen.push(words, step.name);
        if (words.includes('bad')) throw new Error('no such table');
        return { status: 'completed' };
      },
    });
    const run = async (...args: string[]) => await cluster.run({ name: 'diff', args }, new AbortController().signal);
    expect(await run('hive-script', '--run-hive-script', '-d', 'A=1')).toEqual({ status: 'completed' });
    expect(seen).toEqual([['--run-hive-script', '-d', 'A=1'], 'diff']);
    expect(await run('hive-script', 'bad')).toMatchObject({ status: 'failed', cause: 'Error: no such table' });
    expect(await run('spark-submit')).toMatchObject({
      status: 'failed',
      cause: 'the local cluster cannot run "spark-submit"; it runs hadoop-streaming and hive-script',
    });
    const plain = localCluster();
    expect(await plain.run({ name: 'diff', args: ['hive-script'] }, new AbortController().signal)).toMatchObject({ status: 'failed' });
    await Promise.all([cluster.close(), plain.close()]);
  });
});
