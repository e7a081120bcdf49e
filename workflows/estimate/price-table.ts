/** What requests, bytes and hours cost, with the day on which that was so. A user's own table stands in its place. */
import * as z from 'zod';

const dollars = z.number().min(0);

/** The schema of a price table, in US dollars. */
export const priceTableSchema = z.strictObject({
  asOf: z
    .string()
    .regex(/^\d{4}-\d\d-\d\d$/, 'is no day, such as 2026-11-21')
    .describe('The day on which these were the prices.'),
  source: z.string().describe('Where they are from.'),
  perThousandRequests: z
    .record(z.enum(['write', 'read', 'free']), dollars)
    .describe('By class: write is PUT, COPY, POST and LIST; read is GET, HEAD and all others; free is DELETE and abort.'),
  writesByStorageClass: z.record(z.string(), dollars).default({}).describe('A thousand writes into a class where that is another price. Default: none.'),
  perGigabyteBetweenRegions: dollars.describe('Bytes that leave the Region of the source, where no pair below has its own price.'),
  betweenRegions: z.record(z.string(), dollars).default({}).describe('By pair, such as "us-east-1 us-east-2". Default: none.'),
  perNodeHour: dollars.describe('A node of the cluster: instance, EMR and disks.'),
});

/** A table. */
export type PriceTable = z.output<typeof priceTableSchema>;

/** Prices of us-east-1 as lists have them; look them up before you sign anything. */
export const DEFAULT_PRICES: PriceTable = {
  asOf: '2025-04-01',
  source: 'list prices of us-east-1, Standard; the node is an m7g.2xlarge on demand with EMR, taken for eight vCPU',
  perThousandRequests: { write: 0.005, read: 0.0004, free: 0 },
  writesByStorageClass: { STANDARD_IA: 0.01, ONEZONE_IA: 0.01, INTELLIGENT_TIERING: 0.01, GLACIER_IR: 0.02, GLACIER: 0.03, DEEP_ARCHIVE: 0.05 },
  perGigabyteBetweenRegions: 0.02,
  betweenRegions: { 'us-east-1 us-east-2': 0.01, 'us-east-2 us-east-1': 0.01 },
  perNodeHour: 0.4079,
};

/** How an operation is priced. */
export type RequestClass = 'write' | 'read' | 'free';

const FREE: ReadonlySet<string> = new Set(['AbortMultipartUpload', 'DeleteObject', 'DeleteObjects']);
const READS = /^(?:Get|Head)/;

/** The class of an operation. S3 prices every LIST as a write. */
export function requestClass(operation: string): RequestClass {
  if (FREE.has(operation)) return 'free';
  return READS.test(operation) ? 'read' : 'write';
}
