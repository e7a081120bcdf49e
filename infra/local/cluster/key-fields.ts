/**
 * Key fields as Hadoop's KeyFieldBasedPartitioner and KeyFieldBasedComparator know them: `-k pos1[,pos2]` with `f[.c][nr]`, in bytes.
 * Positions come out as Hadoop's own arithmetic gives them, its odd cases (an empty last field, a missing one) included.
 */
import { JobRefusedError } from './job-refused.ts';

/** One `-k`, or all of the key where no field is named. */
export interface KeyField {
  readonly beginField: number;
  readonly beginChar: number;
  /** 0: to the end of the key. */
  readonly endField: number;
  /** 0: to the end of the field. */
  readonly endChar: number;
  readonly numeric: boolean;
  readonly reverse: boolean;
}

/** Key fields and the byte string between them. */
export interface KeyFields {
  readonly fields: readonly KeyField[];
  readonly separator: Buffer;
  /** Whether a `-k` was given; without one the key is one field. */
  readonly cut: boolean;
}

const WHOLE_KEY: KeyField = { beginField: 1, beginChar: 1, endField: 0, endChar: 0, numeric: false, reverse: false };
const FORM = /^(\d+)(?:\.(\d+))?([nr]*)(?:,(\d+)(?:\.(\d+))?([nr]*))?$/;

/**
 * Reads options such as `-k1,1 -k2,2nr` or `-n`. No options: no fields, which partitioner and comparator each take in their own way.
 *
 * @throws JobRefusedError at a `-k` of another form
 */
export function parseKeyFields(options: string | null, separator: string): KeyFields {
  const words = (options ?? '').split(/\s+/).filter((word) => word !== '');
  const bytes = Buffer.from(separator);
  if (words.length === 0) return { fields: [], separator: bytes, cut: false };
  const fields: KeyField[] = [];
  const global = { numeric: words.includes('-n') || words.includes('-nr'), reverse: words.includes('-r') || words.includes('-nr') };
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] as string;
    if (!word.startsWith('-k')) continue;
    const position = word.length > 2 ? word.slice(2) : words[++at];
    if (position !== undefined) fields.push(parsePosition(position));
  }
  if (fields.length === 0) return { fields: [{ ...WHOLE_KEY, ...global }], separator: bytes, cut: false };
  return { fields: fields.map((field) => (field.numeric || field.reverse ? field : { ...field, ...global })), separator: bytes, cut: true };
}

function parsePosition(position: string): KeyField {
  const match = FORM.exec(position);
  if (match === null) throw new JobRefusedError(`Invalid -k argument. Must be of the form -k pos1,[pos2], where pos is of the form f[.c]nr; it is ${position}`);
  const [, beginField, beginChar, beginFlags = '', endField, endChar, endFlags = ''] = match;
  const flags = beginFlags + endFlags;
  return {
    beginField: Number(beginField),
    beginChar: Number(beginChar ?? 1),
    endField: Number(endField ?? 0),
    endChar: Number(endChar ?? 0),
    numeric: flags.includes('n'),
    reverse: flags.includes('r'),
  };
}

/** Lengths of the key's fields, element 0 their number. */
export function fieldLengths(fields: KeyFields, bytes: Buffer, start: number, end: number): readonly number[] {
  if (!fields.cut) return [1];
  const lengths: number[] = [0];
  let from = start;
  for (;;) {
    const at = bytes.indexOf(fields.separator, from);
    if (at < 0 || at + fields.separator.length > end) break;
    lengths.push(at - from);
    from = at + 1;
  }
  lengths.push(end - from);
  lengths[0] = lengths.length - 1;
  return lengths;
}

/** Offset of the field's first byte; -1 where the key has no such field or it ends before. */
export function startOfField(fields: KeyFields, start: number, end: number, lengths: readonly number[], field: KeyField): number {
  if ((lengths[0] as number) < field.beginField) return -1;
  let position = 0;
  for (let at = 1; at < field.beginField; at += 1) position += (lengths[at] as number) + fields.separator.length;
  return position + field.beginChar <= end - start ? start + position + field.beginChar - 1 : -1;
}

/** Offset of the field's last byte. */
export function endOfField(fields: KeyFields, start: number, end: number, lengths: readonly number[], field: KeyField): number {
  if (field.endField === 0 || (lengths[0] as number) < field.endField) return end - 1;
  let position = 0;
  for (let at = 1; at < field.endField; at += 1) position += (lengths[at] as number) + fields.separator.length;
  if (field.endChar === 0) position += lengths[field.endField] as number;
  return position + field.endChar <= end - start ? start + position + field.endChar - 1 : end - 1;
}
