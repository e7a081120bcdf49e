/** Where the key ranges come from that the list step works on side by side. */
import * as z from 'zod';
import { fileOrObject, s3Object } from './places.ts';

const count = z
  .int()
  .min(1)
  .max(10_000)
  .optional()
  .describe('Ranges to make. Default: one for each 250,000 keys, by a guess, but at most four for each task that runs at a time.');

const READ_AS = 'Read with the credentials of the run itself, without the role of a side.';

/** The schema of the partitions. */
export const partitionsSchema = z
  .discriminatedUnion('from', [
    z
      .strictObject({ from: z.literal('automatic').describe('Ranges of about the same size, found by a sample of list requests.'), count })
      .describe('Found out by sampling the source.'),
    z
      .strictObject({
        from: z.literal('file').describe('A file of ranges, or a part file of Campanile.'),
        location: fileOrObject.describe(
          `s3://bucket/key, or an absolute path on one machine. Ranges that overlap refuse the run; keys that it leaves out are told of. ${READ_AS}`,
        ),
      })
      .describe('As a file says, no more and no less.'),
    z
      .strictObject({
        from: z.literal('inventory').describe('Split points from an S3 Inventory of the source; what is listed is still what S3 lists now.'),
        manifest: s3Object.describe(`s3://bucket/…/manifest.json of an inventory in CSV or Parquet. ${READ_AS}`),
        count,
      })
      .describe('Split where an S3 Inventory says that the objects are.'),
    z
      .strictObject({
        from: z.literal('listing').describe('Split points from an older listing of the source, of this program or of Campanile.'),
        location: fileOrObject.describe(
          `s3://bucket/prefix of the listing (a run's source/try-<k>, or one file), or an absolute path on one machine. ${READ_AS}`,
        ),
        count,
      })
      .describe('Split where an older listing says that the objects are.'),
  ])
  .prefault({ from: 'automatic' })
  .describe('How the key space is split into ranges that are listed side by side. Default: automatic.');

/** Where ranges come from. */
export type PartitionsRequest = z.output<typeof partitionsSchema>;
