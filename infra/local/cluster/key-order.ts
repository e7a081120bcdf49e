/** The order of keys in the shuffle: unsigned bytes, or what KeyFieldBasedComparator makes of its options. */

import type { JobProperties } from './job-properties.ts';
import { JobRefusedError } from './job-refused.ts';
import { endOfField, fieldLengths, type KeyFields, parseKeyFields, startOfField } from './key-fields.ts';
import { compareNumbers } from './numeric-order.ts';

/** Below zero where the first key comes first. Keys are `[start, end)` of their bytes. */
export type KeyOrder = (a: Buffer, aStart: number, aEnd: number, b: Buffer, bStart: number, bEnd: number) => number;

const KEY_FIELDS = 'org.apache.hadoop.mapred.lib.KeyFieldBasedComparator';
const TEXT = 'org.apache.hadoop.io.Text$Comparator';

/** Unsigned byte order, the shorter first where one begins the other (as `LC_ALL=C sort`). */
export const byteOrder: KeyOrder = (a, aStart, aEnd, b, bStart, bEnd) => {
  const shorter = Math.min(aEnd - aStart, bEnd - bStart);
  for (let at = 0; at < shorter; at += 1) {
    const difference = (a[aStart + at] as number) - (b[bStart + at] as number);
    if (difference !== 0) return difference;
  }
  return aEnd - aStart - (bEnd - bStart);
};

/**
 * The order of a job's keys; {@link byteOrder} itself where nothing else is asked for.
 *
 * @throws JobRefusedError at a comparator class that is not known here
 */
export function keyOrderFor(properties: JobProperties): KeyOrder {
  const name = properties.get('mapreduce.job.output.key.comparator.class');
  if (name === null || name === TEXT) return byteOrder;
  if (name !== KEY_FIELDS) throw new JobRefusedError(`mapreduce.job.output.key.comparator.class ${name} is not known here; ${KEY_FIELDS} is`);
  const separator = properties.text('mapreduce.map.output.key.field.separator', '\t');
  const fields = parseKeyFields(properties.get('mapreduce.partition.keycomparator.options'), separator);
  return fields.fields.length === 0 ? byteOrder : keyFieldOrder(fields);
}

function keyFieldOrder(fields: KeyFields): KeyOrder {
  return (a, aStart, aEnd, b, bStart, bEnd) => {
    const aLengths = fieldLengths(fields, a, aStart, aEnd);
    const bLengths = fieldLengths(fields, b, bStart, bEnd);
    for (const field of fields.fields) {
      const aFrom = startOfField(fields, aStart, aEnd, aLengths, field);
      const bFrom = startOfField(fields, bStart, bEnd, bLengths, field);
      const direction = field.reverse ? -1 : 1;
      if (aFrom < 0) return -direction;
      if (bFrom < 0) return direction;
      const aTo = endOfField(fields, aStart, aEnd, aLengths, field) + 1;
      const bTo = endOfField(fields, bStart, bEnd, bLengths, field) + 1;
      const compare = field.numeric ? compareNumbers : byteOrder;
      const result = compare(a, aFrom, Math.max(aTo, aFrom), b, bFrom, Math.max(bTo, bFrom));
      if (result !== 0) return direction * result;
    }
    return 0;
  };
}
