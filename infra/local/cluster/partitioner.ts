/** Which reducer gets a key, by Hadoop's own hashes: the same key has the same part number there and here. */
import { isUtf8 } from 'node:buffer';
import type { JobProperties } from './job-properties.ts';
import { JobRefusedError } from './job-refused.ts';
import { endOfField, fieldLengths, type KeyFields, parseKeyFields, startOfField } from './key-fields.ts';

/** Number of the reducer for the key in `bytes` from `start` to before `end`. */
export type Partitioner = (bytes: Buffer, start: number, end: number) => number;

const HASH = 'org.apache.hadoop.mapred.lib.HashPartitioner';
const KEY_FIELDS = 'org.apache.hadoop.mapred.lib.KeyFieldBasedPartitioner';
const MOST_POSITIVE = 0x7fffffff;

/**
 * The partitioner of a job.
 *
 * @param name - class name; null for Hadoop's default, the hash of the whole key
 * @throws JobRefusedError where the class is another
 */
export function partitionerFor(name: string | null, properties: JobProperties, reduces: number): Partitioner {
  if (reduces <= 1) return () => 0;
  if (name === null || name === HASH) return (bytes, start, end) => (hashOf(bytes, start, end, 1) & MOST_POSITIVE) % reduces;
  if (name !== KEY_FIELDS) throw new JobRefusedError(`-partitioner : class not found : ${name}; known are ${HASH} and ${KEY_FIELDS}`);
  const old = properties.get('num.key.fields.for.partition');
  const options = old === null ? properties.get('mapreduce.partition.keypartitioner.options') : `-k1,${old}`;
  return keyFieldPartitioner(parseKeyFields(options, properties.text('mapreduce.map.output.key.field.separator', '\t')), reduces);
}

/** Java's `31 * hash + byte`, the bytes signed. */
function hashOf(bytes: Buffer, start: number, end: number, seed: number): number {
  let hash = seed;
  for (let at = start; at < end; at += 1) hash = (Math.imul(hash, 31) + (((bytes[at] as number) << 24) >> 24)) | 0;
  return hash;
}

/** Java's `String.hashCode`, over UTF-16 units. */
function textHash(text: string): number {
  let hash = 0;
  for (let at = 0; at < text.length; at += 1) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  return hash;
}

function keyFieldPartitioner(fields: KeyFields, reduces: number): Partitioner {
  if (fields.fields.length === 0) return (bytes, start, end) => (textHash(bytes.toString('utf8', start, end)) & MOST_POSITIVE) % reduces;
  const [first] = fields.fields;
  const firstColumn = fields.fields.length === 1 && first?.beginField === 1 && first.beginChar === 1 && first.endField === 1 && first.endChar === 0;
  if (firstColumn && fields.separator.length === 1) return firstColumnPartitioner(fields.separator[0] as number, reduces);
  return (bytes, start, end) => (keyFieldHash(fields, bytes, start, end) & MOST_POSITIVE) % reduces;
}

/** `-k1,1`, what our steps use: one pass over the first column. */
function firstColumnPartitioner(separator: number, reduces: number): Partitioner {
  return (bytes, start, end) => {
    let hash = 0;
    let high = 0;
    let at = start;
    for (let byte = 0; at < end; at += 1) {
      byte = bytes[at] as number;
      if (byte === separator) break;
      high |= byte;
      hash = (Math.imul(hash, 31) + ((byte << 24) >> 24)) | 0;
    }
    if (high > 0x7f && !isUtf8(bytes.subarray(start, at))) hash = replacedHash(bytes, start, at);
    return (hash & MOST_POSITIVE) % reduces;
  };
}

/** Hadoop makes a string of the key before it hashes the bytes: what is no UTF-8 counts as replacement characters (a surrogate as one; here as three). */
function replacedHash(bytes: Buffer, start: number, end: number): number {
  const replaced = Buffer.from(bytes.toString('utf8', start, end));
  return hashOf(replaced, 0, replaced.length, 0);
}

function keyFieldHash(fields: KeyFields, bytes: Buffer, start: number, end: number): number {
  if (!isUtf8(bytes.subarray(start, end))) {
    const replaced = Buffer.from(bytes.toString('utf8', start, end));
    return keyFieldHash(fields, replaced, 0, replaced.length);
  }
  if (start === end) return 0;
  const lengths = fieldLengths(fields, bytes, start, end);
  let hash = 0;
  for (const field of fields.fields) {
    const from = startOfField(fields, start, end, lengths, field);
    if (from >= 0) hash = hashOf(bytes, from, endOfField(fields, start, end, lengths, field) + 1, hash);
  }
  return hash;
}
