import { describe, expect, it } from 'vitest';
import { splitCommand } from '../../../infra/local/cluster/command-line.ts';
import { ignoredProperties } from '../../../infra/local/cluster/ignored-arguments.ts';
import { JobRefusedError } from '../../../infra/local/cluster/job-refused.ts';
import { hadoopName, localPath } from '../../../infra/local/cluster/local-path.ts';
import { parseStreamingArguments } from '../../../infra/local/cluster/streaming-arguments.ts';
import { streamingJob } from '../../../infra/local/cluster/streaming-job.ts';

const IN_OUT = ['-input', 'in', '-output', 'out'];
const job = (...words: string[]) => streamingJob(parseStreamingArguments([...words, '-mapper', 'cat', ...IN_OUT]));

describe('parseStreamingArguments', () => {
  it('reads generic options, then streaming options', () => {
    const words = ['-D', 'a=1', '-Db=2', '-D', 'a=3=4', '-files', 'x.js#y.js,z', '-archives', 'n.tar.gz#node', '-mapper', 'cat x', '-reducer', 'NONE'];
    const parsed = parseStreamingArguments([
      ...words,
      '-cmdenv',
      'A=a b',
      '-cmdenv',
      'B=1',
      '-input',
      'i,j',
      'k',
      '-input',
      'l',
      '-output',
      'o',
      '-lazyOutput',
    ]);
    expect([...parsed.properties]).toEqual([
      ['a', '3=4'],
      ['b', '2'],
    ]);
    expect(parsed).toMatchObject({
      files: ['x.js#y.js', 'z'],
      archives: ['n.tar.gz#node'],
      inputs: ['i', 'j', 'k', 'l'],
      environment: 'HADOOP_ROOT_LOGGER= A=a b B=1',
      lazyOutput: true,
      ignored: [],
    });
    expect(parsed.options).toMatchObject({ mapper: 'cat x', reducer: 'NONE', output: 'o', io: null });
  });

  it.each([
    [['-mapper', 'cat', '-D', 'a=b', ...IN_OUT], /^Unrecognized option: -D; generic options .* come before/],
    [['-mapper', 'cat', '-files', 'x', ...IN_OUT], /^Unrecognized option: -files; generic options/],
    [['-maper', 'cat', ...IN_OUT], /^Unrecognized option: -maper; known are .*-mapper/],
    [['-input', 'in', '-output'], /^Missing argument for option: output/],
    [['-mapper', '-reducer', 'cat', ...IN_OUT], /^Missing argument for option: mapper/],
    [['-mapper', 'cat', '-output', 'o'], /^Required argument: -input <name>/],
    [['-mapper', 'cat', '-input', 'i'], /^Required argument: -output/],
    [['-output', 'o', 'stray', '-input', 'i'], /^Found 1 unexpected arguments on the command line \[stray\]/],
  ])('refuses %j', (words, message) => {
    expect(() => parseStreamingArguments(words)).toThrow(message);
    expect(() => parseStreamingArguments(words)).toThrow(JobRefusedError);
  });

  it('takes the first of an option that has one value', () => {
    expect(parseStreamingArguments(['-input', 'i', '-output', 'a', '-output', 'b']).options.output).toBe('a');
  });

  it('says which options have no effect', () => {
    const words = ['-D', 'broken', '-files', 'a', '-files', 'b', '-fs', 'hdfs://h', '-mapper', 'm', '-combiner', 'c', '-verbose', '-mapdebug', 'd'];
    expect(
      parseStreamingArguments([...words, ...IN_OUT])
        .ignored.map(({ argument }) => argument)
        .sort(),
    ).toEqual(['-D broken', '-combiner c', '-files b', '-fs hdfs://h', '-mapdebug d', '-verbose']);
  });
});

describe('ignoredProperties', () => {
  it('names what has no effect here, with the reason', () => {
    const given = new Map([
      ['mapreduce.map.memory.mb', '2048'],
      ['mapreduce.map.java.opts', '-Xmx512m'],
      ['mapreduce.map.speculative', 'true'],
      ['mapreduce.input.fileinputformat.split.maxsize', '1'],
      ['mapreduce.map.failures.maxpercent', '100'],
      ['mapreduce.job.tags', 'r'],
      ['fs.s3a.endpoint', 'x'],
      ['yarn.app.x', 'y'],
      ['mapreduce.never.heard.of', '1'],
    ]);
    const ignored = ignoredProperties(given);
    expect(ignored.map(({ argument }) => argument)).toEqual([...given].map(([name, value]) => `-D ${name}=${value}`));
    expect(new Set(ignored.map(({ reason }) => reason)).size).toBe(9);
  });

  it('is silent about what it heeds, what holds anyway, and what is for the program', () => {
    const given = {
      'mapreduce.map.speculative': 'false',
      'mapred.reduce.tasks': '3',
      'stream.map.output': 'keyonlytext',
      'my.own': 'x',
      'mapreduce.task.timeout': '1',
    };
    expect(ignoredProperties(new Map(Object.entries(given)))).toEqual([]);
  });
});

describe('splitCommand', () => {
  it.each([
    ['node/run.sh a.js --x y', ['node/run.sh', 'a.js', '--x', 'y']],
    ["bash -c 'echo $X; cat'", ['bash', '-c', 'echo $X; cat']],
    [`a"b  c"d '' "e" ' '`, ['a', 'b  c', 'd', 'e', ' ']],
    [`"it's" 'say "no"'`, ["it's", 'say "no"']],
    ['  a  ', ['a']],
    ['', []],
    ['"open end', ['open end']],
  ])('cuts %j', (command, words) => {
    expect(splitCommand(command)).toEqual(words);
  });
});

describe('localPath', () => {
  it.each([
    ['/a/b', '/a/b'],
    ['file:/a/b', '/a/b'],
    ['file:///a/b/', '/a/b'],
    ['file://localhost/a', '/a'],
  ])('reads %s', (path, expected) => {
    expect(localPath(path)).toBe(expected);
    expect(localPath(hadoopName(expected))).toBe(expected);
  });

  it('refuses other schemes', () => {
    expect(() => localPath('s3://bucket/a')).toThrow(/No FileSystem for scheme "s3"/);
  });
});

describe('streamingJob', () => {
  it('has the defaults of Hadoop', () => {
    expect(job()).toMatchObject({
      inputFormat: { kind: 'text' },
      offsetSeparator: null,
      keepReturns: false,
      mapper: ['cat'],
      reducer: null,
      reduces: 1,
      mapForm: { keyOnly: false, keyFields: 1 },
      outputCompression: null,
    });
    expect(job().properties.count('mapreduce.map.maxattempts')).toBe(4);
  });

  it('lets -numReduceTasks win over the property and -reducer NONE over both', () => {
    expect(job('-D', 'mapred.reduce.tasks=3').reduces).toBe(3);
    expect(job('-D', 'mapreduce.job.reduces=3', '-numReduceTasks', '0').reduces).toBe(0);
    expect(job('-numReduceTasks', '5', '-reducer', 'NONE')).toMatchObject({ reduces: 0, reducer: null });
  });

  it('gives offsets under NLineInputFormat unless they are ignored', () => {
    const format = ['-inputformat', 'org.apache.hadoop.mapred.lib.NLineInputFormat'];
    expect(job('-D', 'mapred.line.input.format.linespermap=7', ...format)).toMatchObject({
      inputFormat: { kind: 'n-line', linesPerMap: 7 },
      offsetSeparator: Buffer.from('\t'),
    });
    expect(job('-D', 'stream.map.input.ignoreKey=true', ...format).offsetSeparator).toBeNull();
    expect(job('-D', 'stream.map.input.ignoreKey=false').offsetSeparator).toEqual(Buffer.from('\t'));
  });

  it.each([
    [['-inputformat', 'org.apache.hadoop.mapred.SequenceFileInputFormat'], /-inputformat : class not found/],
    [['-outputformat', 'x.Y'], /-outputformat : class not found/],
    [['-inputreader', 'x'], /-inputreader/],
    [['-io', 'rawbytes'], /rawbytes is not known here/],
    [['-D', 'stream.map.output=typedbytes'], /typedbytes is not known here/],
    [['-numReduceTasks', '2', '-partitioner', 'x.Y'], /-partitioner : class not found/],
    [['-D', 'mapreduce.job.output.key.comparator.class=x.Y'], /x\.Y is not known here/],
    [['-D', 'mapreduce.job.reduces=many'], /mapreduce\.job\.reduces must be a whole number/],
    [['-D', 'textinputformat.record.delimiter=;'], /a line feed alone is known/],
    [['-D', 'mapreduce.output.fileoutputformat.compress=true', '-D', 'mapreduce.output.fileoutputformat.compress.codec=x.Y'], /codec x\.Y was not found/],
  ])('refuses %j, which would change the rows', (words, message) => {
    expect(() => job(...words)).toThrow(message);
  });

  it('refuses a job without a mapper', () => {
    expect(() => streamingJob(parseStreamingArguments(IN_OUT))).toThrow(/-mapper is missing/);
  });
});
