/** How a program's output line becomes key and value, and how both are written: Hadoop Streaming's text output reader and text output format. */
import type { JobProperties } from './job-properties.ts';

/** The form of the lines of mapper or reducer. */
export interface RecordForm {
  /** `keyonlytext`: the whole line is the key and there is no value. */
  readonly keyOnly: boolean;
  /** What ends a field of the key. */
  readonly separator: Buffer;
  /** How many fields the key has. */
  readonly keyFields: number;
}

/** The form of a phase's output by the job's properties. */
export function recordForm(properties: JobProperties, phase: 'map' | 'reduce'): RecordForm {
  return {
    keyOnly: properties.text(`stream.${phase}.output`, 'text').toLowerCase() === 'keyonlytext',
    separator: Buffer.from(properties.text(`stream.${phase}.output.field.separator`, '\t')),
    keyFields: properties.get(`stream.num.${phase}.output.key.fields`) === null ? 1 : properties.count(`stream.num.${phase}.output.key.fields`),
  };
}

/** Offset of the separator that ends the key of the line in `[start, end)`; -1 where all of it is the key. */
export function endOfKey(form: RecordForm, bytes: Buffer, start: number, end: number): number {
  if (form.keyOnly) return -1;
  if (form.separator.length === 1) return endOfKeyByByte(bytes, start, end, form.separator[0] as number, form.keyFields);
  let at = bytes.indexOf(form.separator, start);
  for (let field = 1; field < form.keyFields && at >= 0; field += 1) at = bytes.indexOf(form.separator, at + form.separator.length);
  return at >= 0 && at + form.separator.length <= end ? at : -1;
}

function endOfKeyByByte(bytes: Buffer, start: number, end: number, separator: number, keyFields: number): number {
  let left = Math.max(keyFields, 1);
  for (let at = start; at < end; at += 1) {
    if (bytes[at] !== separator) continue;
    left -= 1;
    if (left === 0) return at;
  }
  return -1;
}

const LINE_FEED = 0x0a;

/**
 * Whole lines as TextOutputFormat writes them: key, separator, value; after a key without a value the separator all the same, which is
 * the trailing TAB; `keyonlytext` lines as they are.
 */
export function formatLines(form: RecordForm, outputSeparator: Buffer, lines: Buffer): Buffer {
  if (form.keyOnly || lines.length === 0) return lines;
  const same = form.separator.equals(outputSeparator);
  const pieces: Buffer[] = [];
  let copied = 0;
  for (let start = 0; start < lines.length; ) {
    const end = lines.indexOf(LINE_FEED, start);
    const key = endOfKey(form, lines, start, end);
    if (key < 0 || !same) {
      const cut = key < 0 ? end : key;
      pieces.push(lines.subarray(copied, cut), outputSeparator);
      copied = key < 0 ? end : key + form.separator.length;
    }
    start = end + 1;
  }
  if (pieces.length === 0) return lines;
  pieces.push(lines.subarray(copied));
  return Buffer.concat(pieces);
}
