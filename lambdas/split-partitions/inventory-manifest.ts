/** The manifest of an S3 Inventory: which files there are, in which format. */
import * as z from 'zod';
import { type PointSource, SplitPointsError } from './point-source.ts';

const manifestSchema = z.object({
  sourceBucket: z.string(),
  destinationBucket: z.string(),
  fileFormat: z.string(),
  fileSchema: z.string(),
  files: z.array(z.object({ key: z.string(), size: z.number() })),
});

/** A file of an inventory. */
export interface InventoryFile {
  /** `s3://bucket/key`. */
  readonly location: string;
  /** Bytes. */
  readonly size: number;
}

/** An inventory. */
export interface Inventory {
  /** `s3://bucket/…/manifest.json`. */
  readonly location: string;
  /** As S3 writes it: `CSV`, `ORC` or `Parquet`. */
  readonly format: string;
  /** Of CSV the names of the columns, of Parquet its message. */
  readonly schema: string;
  readonly files: readonly InventoryFile[];
}

/** Reads it. @throws SplitPointsError where it is none, or of another bucket */
export async function readManifest(location: string, bucket: string, places: PointSource): Promise<Inventory> {
  const found = manifestSchema.safeParse(jsonOf(await places.read(location)));
  if (!found.success) throw new SplitPointsError(`${location} is no manifest of an S3 Inventory: ${z.prettifyError(found.error)}`);
  const { sourceBucket, destinationBucket, fileFormat: format, fileSchema: schema, files } = found.data;
  if (sourceBucket !== bucket) throw new SplitPointsError(`${location} is an inventory of ${sourceBucket}, the source is ${bucket}`);
  const home = destinationBucket.replace(/^arn:[^:]*:s3:::/, '');
  return { location, format, schema, files: files.map(({ key, size }) => ({ location: `s3://${home}/${key}`, size })) };
}

/** Undefined where it is no JSON, which no schema allows. */
function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

/** At most so many, at even distances. */
export function spread<T>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items;
  return Array.from({ length: most }, (_, at) => items[Math.floor((at * items.length) / most)] as T);
}
