/** What a streaming command line means here: every choice made, nothing run yet. */
import { splitCommand } from './command-line.ts';
import { type Compression, compressionNamed } from './compression.ts';
import { JobProperties } from './job-properties.ts';
import { JobRefusedError } from './job-refused.ts';
import { keyOrderFor } from './key-order.ts';
import { partitionerFor } from './partitioner.ts';
import { type RecordForm, recordForm } from './record-form.ts';
import type { ShuffleRules } from './sort-run.ts';
import type { StreamingArguments } from './streaming-arguments.ts';

/** How the input is cut into map tasks. */
export type InputFormat = { readonly kind: 'text' } | { readonly kind: 'n-line'; readonly linesPerMap: number };

/** A job, ready to run. */
export interface StreamingJob {
  readonly properties: JobProperties;
  /** `-cmdenv`, blank between entries. */
  readonly environment: string;
  readonly inputFormat: InputFormat;
  /** What stands between offset and line on a mapper's input; null where no offset is given. */
  readonly offsetSeparator: Buffer | null;
  /** CR is data in the input. */
  readonly keepReturns: boolean;
  readonly mapper: readonly string[];
  /** Null: the rows as the shuffle brings them (Hadoop's identity reducer). */
  readonly reducer: readonly string[] | null;
  /** 0: a map-only job. */
  readonly reduces: number;
  readonly mapForm: RecordForm;
  readonly reduceForm: RecordForm;
  readonly shuffle: ShuffleRules;
  readonly outputSeparator: Buffer;
  readonly outputCompression: Compression | null;
  /** Part files only where there is output. */
  readonly lazyOutput: boolean;
}

const TEXT_INPUT = 'org.apache.hadoop.mapred.TextInputFormat';
const N_LINE_INPUT = 'org.apache.hadoop.mapred.lib.NLineInputFormat';
const TEXT_OUTPUT = 'org.apache.hadoop.mapred.TextOutputFormat';

/**
 * Works out the job.
 *
 * @throws JobRefusedError at a class, codec or delimiter that is not known here, a number that is none, or a missing mapper
 */
export function streamingJob(parsed: StreamingArguments): StreamingJob {
  const properties = new JobProperties(parsed.properties);
  const { options } = parsed;
  refuseUnknown(parsed, properties);
  if (options.io !== null) for (const side of ['map.input', 'map.output', 'reduce.input', 'reduce.output']) properties.set(`stream.${side}`, options.io);
  const inputFormat = inputFormatOf(options.inputformat, properties);
  const reduces = reducesOf(parsed, properties);
  const mapForm = recordForm(properties, 'map');
  const inputSeparator = Buffer.from(properties.text('stream.reduce.input.field.separator', '\t'));
  return {
    properties,
    environment: parsed.environment,
    inputFormat,
    offsetSeparator: properties.flag('stream.map.input.ignoreKey', inputFormat.kind === 'text')
      ? null
      : Buffer.from(properties.text('stream.map.input.field.separator', '\t')),
    keepReturns: inputFormat.kind === 'text' && keepsReturns(properties),
    mapper: commandOf('mapper', options.mapper),
    reducer: options.reducer === null || reduces === 0 ? null : commandOf('reducer', options.reducer),
    reduces,
    mapForm,
    reduceForm: recordForm(properties, 'reduce'),
    shuffle: { form: mapForm, inputSeparator, reduces, partition: partitionerFor(options.partitioner, properties, reduces), order: keyOrderFor(properties) },
    outputSeparator: Buffer.from(properties.text('mapreduce.output.textoutputformat.separator', '\t')),
    outputCompression: outputCompressionOf(properties),
    lazyOutput: parsed.lazyOutput,
  };
}

/** At the level that the job names for its codec. */
function outputCompressionOf(properties: JobProperties): Compression | null {
  if (!properties.flag('mapreduce.output.fileoutputformat.compress')) return null;
  const codec = compressionNamed(properties.text('mapreduce.output.fileoutputformat.compress.codec', ''));
  return { ...codec, compress: codec.compressAt(properties.text(codec.levelProperty, '') || undefined) };
}

function commandOf(option: string, command: string | null): readonly string[] {
  const words = splitCommand(command ?? '');
  if (words.length === 0) throw new JobRefusedError(`-${option} is missing; the local cluster runs commands alone, no Java classes`);
  return words;
}

function inputFormatOf(name: string | null, properties: JobProperties): InputFormat {
  if (name === null || name === TEXT_INPUT || name === 'TextInputFormat') {
    properties.set('mapred.input.format.class', TEXT_INPUT);
    return { kind: 'text' };
  }
  if (name !== N_LINE_INPUT) throw new JobRefusedError(`-inputformat : class not found : ${name}; known are ${TEXT_INPUT} and ${N_LINE_INPUT}`);
  properties.set('mapred.input.format.class', N_LINE_INPUT);
  return { kind: 'n-line', linesPerMap: properties.count('mapreduce.input.lineinputformat.linespermap') };
}

/** `-numReduceTasks` is over the property, and `-reducer NONE` over both. */
function reducesOf(parsed: StreamingArguments, properties: JobProperties): number {
  if (parsed.options.numReduceTasks !== null) properties.set('mapreduce.job.reduces', parsed.options.numReduceTasks);
  if (parsed.options.reducer === 'NONE') properties.set('mapreduce.job.reduces', '0');
  return properties.count('mapreduce.job.reduces');
}

function keepsReturns(properties: JobProperties): boolean {
  const delimiter = properties.get('textinputformat.record.delimiter');
  if (delimiter === null || delimiter === '') return false;
  if (delimiter !== '\n') throw new JobRefusedError(`textinputformat.record.delimiter is ${JSON.stringify(delimiter)}; a line feed alone is known here`);
  return true;
}

/** What would change the rows and is not known must not be passed over. */
function refuseUnknown(parsed: StreamingArguments, properties: JobProperties): void {
  const { options } = parsed;
  if (options.outputformat !== null && options.outputformat !== TEXT_OUTPUT && options.outputformat !== 'TextOutputFormat')
    throw new JobRefusedError(`-outputformat : class not found : ${options.outputformat}; known is ${TEXT_OUTPUT}`);
  if (options.inputreader !== null) throw new JobRefusedError(`-inputreader: class not found: ${options.inputreader}; the local cluster has none`);
  for (const side of ['map.input', 'map.output', 'reduce.input', 'reduce.output']) {
    const form = (properties.get(`stream.${side}`) ?? options.io ?? 'text').toLowerCase();
    if (form === 'rawbytes' || form === 'typedbytes') throw new JobRefusedError(`stream.${side} ${form} is not known here; text and keyonlytext are`);
  }
}
