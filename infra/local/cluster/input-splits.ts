/** How an input is cut into map tasks, as the old API's TextInputFormat and NLineInputFormat cut it. */
import { createReadStream } from 'node:fs';
import { compressionOf, type ReadCompression } from './compression.ts';
import type { InputFile } from './input-files.ts';
import { JobRefusedError } from './job-refused.ts';
import { LineEndFinder } from './line-end-finder.ts';

/** What one map task reads. */
export interface InputSplit {
  readonly path: string;
  /** Offset and length as a task's environment shows them; lines that begin in `(start, start + length]` belong to it, and line 0. */
  readonly start: number;
  readonly length: number;
  readonly compression: ReadCompression | null;
}

/** How TextInputFormat is asked to cut. */
export interface TextSplitOptions {
  /** `mapreduce.job.maps`: how many map tasks are hoped for. */
  readonly maps: number;
  /** Bytes. */
  readonly leastSize: number;
  /** Bytes of a block of the file system: no split is larger. */
  readonly blockSize: number;
}

/** A last split may be larger by this factor, rather than leave a small one. */
const SLOP = 1.1;

/** The largest first, otherwise in their order: the order of the map tasks, and so of the part numbers. */
export function bySize(splits: readonly InputSplit[]): readonly InputSplit[] {
  return [...splits].sort((a, b) => b.length - a.length);
}

/** Splits of equal size over all files together; a compressed file is one split, an empty file an empty one. */
export function textSplits(files: readonly InputFile[], options: TextSplitOptions): readonly InputSplit[] {
  const total = files.reduce((sum, file) => sum + file.length, 0);
  const goal = Math.floor(total / Math.max(options.maps, 1));
  const size = Math.max(options.leastSize, 1, Math.min(goal, options.blockSize));
  return files.flatMap((file) => {
    const compression = compressionOf(file.path);
    if (compression !== null || file.length === 0) return [{ path: file.path, start: 0, length: file.length, compression }];
    return cut(file, size);
  });
}

function cut(file: InputFile, size: number): readonly InputSplit[] {
  const splits: InputSplit[] = [];
  let left = file.length;
  while (left / size > SLOP) {
    splits.push({ path: file.path, start: file.length - left, length: size, compression: null });
    left -= size;
  }
  if (left > 0) splits.push({ path: file.path, start: file.length - left, length: left, compression: null });
  return splits;
}

/**
 * A split for every `linesPerMap` lines of each file; every split but a file's first begins one byte early. An empty file has none.
 *
 * @throws JobRefusedError at a compressed file: Hadoop would count lines in the compressed bytes and lose rows without a word
 */
export async function lineSplits(files: readonly InputFile[], linesPerMap: number): Promise<readonly InputSplit[]> {
  const splits: InputSplit[] = [];
  for (const file of files) {
    if (compressionOf(file.path) !== null)
      throw new JobRefusedError(
        `${file.path} is compressed: NLineInputFormat counts lines in the compressed bytes and loses rows silently; use TextInputFormat`,
      );
    for await (const split of linesOf(file, Math.max(linesPerMap, 1))) splits.push(split);
  }
  return splits;
}

async function* linesOf(file: InputFile, linesPerMap: number): AsyncGenerator<InputSplit> {
  const finder = new LineEndFinder(false);
  const split = (begin: number, end: number): InputSplit => ({
    path: file.path,
    start: Math.max(begin - 1, 0),
    length: end - begin - (begin === 0 ? 1 : 0),
    compression: null,
  });
  let begin = 0;
  let lines = 0;
  for await (const chunk of createReadStream(file.path, { highWaterMark: 1024 * 1024 })) {
    for (const end of finder.push(chunk as Buffer)) {
      lines += 1;
      if (lines % linesPerMap !== 0) continue;
      yield split(begin, end);
      begin = end;
    }
  }
  const last = finder.end();
  if (begin < last) yield split(begin, last);
}
