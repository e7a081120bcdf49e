/** What the bucket of an estimate holds: counted in a listing, read from a file, or told on the command line. */
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { readLineBatches } from '../../emr-steps/hadoop/line-reader.ts';
import { objectRecord } from '../../emr-steps/records/object-record.ts';
import { isRowsFile } from '../../emr-steps/run-directory/layout.ts';
import { type BucketShape, bucketShapeSchema, ShapeOfListing } from '../../workflows/estimate/bucket-shape.ts';
import { type Checked, checkedShape } from '../../workflows/estimate/estimate-files.ts';
import type { CliValues } from '../arguments/option-table.ts';
import { UsageError } from '../arguments/usage-error.ts';
import { readJson } from '../preflight/input-file.ts';
import { PreflightError } from '../preflight/preflight-error.ts';
import type { ESTIMATE_COMMAND } from './estimate-options.ts';

type Values = CliValues<(typeof ESTIMATE_COMMAND)['options']>;

const DEFAULT_OBJECT_BYTES = 1_000_000;
const DEFAULT_PARTS = 2;

/** The shape. @throws UsageError where nothing says what the bucket holds; PreflightError where a file cannot be read, or is none of the kind */
export async function shapeOf(values: Values): Promise<BucketShape> {
  const given = ['listing', 'shape', 'objects'] as const;
  if (given.filter((name) => values[name] !== undefined).length !== 1)
    throw new UsageError(['one of --listing, --shape and --objects must say what the bucket holds']);
  if (values.listing !== undefined) return shapeOfListing(values.listing, values.layout);
  if (values.shape !== undefined) return jsonOf(values.shape, checkedShape);
  return toldShape(values);
}

/** A file of JSON, checked. @throws PreflightError with every problem */
export async function jsonOf<T>(file: string, check: (input: unknown) => Checked<T>): Promise<T> {
  const result = check(await readJson(file));
  if ('value' in result) return result.value;
  throw new PreflightError(result.problems.map((problem) => `${file}: ${problem}`));
}

function toldShape({ objects = 0, bytes, layout, parts, 'multipart-objects': multipart = 0 }: Values): BucketShape {
  if (multipart > objects) throw new UsageError([`--multipart-objects ${multipart} is more than --objects ${objects}`]);
  return bucketShapeSchema.parse({
    objects,
    bytes: bytes ?? objects * DEFAULT_OBJECT_BYTES,
    ...(layout !== undefined && { layout }),
    multipart: { objects: multipart, parts: parts ?? multipart * DEFAULT_PARTS },
  });
}

async function shapeOfListing(path: string, layout: BucketShape['layout'] | undefined): Promise<BucketShape> {
  const shape = new ShapeOfListing();
  for (const file of await rowFiles(path)) await addRows(shape, file);
  return shape.shape(layout);
}

async function addRows(shape: ShapeOfListing, file: string): Promise<void> {
  const stored = createReadStream(file);
  // The iterator of the last stream throws what any of them fails with.
  const bytes = file.endsWith('.gz') ? pipeline(stored, createGunzip(), () => {}) : stored;
  try {
    for await (const lines of readLineBatches(bytes)) for (const line of lines) shape.add(objectRecord.decode(line));
  } catch (error) {
    throw new PreflightError([`--listing ${file} is no listing that can be read (${(error as Error).message})`]);
  }
}

async function rowFiles(path: string): Promise<readonly string[]> {
  const found = await stat(path).catch(() => null);
  if (found === null) throw new PreflightError([`--listing ${path} cannot be read (there is none)`]);
  if (!found.isDirectory()) return [path];
  const files = (await readdir(path)).filter(isRowsFile);
  if (files.length === 0) throw new PreflightError([`--listing ${path} holds no files of a listing; give the folder of one try, such as source/try-1`]);
  return files.map((name) => join(path, name));
}
