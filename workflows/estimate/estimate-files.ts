/** What users write for an estimate, checked: a shape, a price table. */
import type * as z from 'zod';
import { type BucketShape, bucketShapeSchema } from './bucket-shape.ts';
import { type PriceTable, priceTableSchema } from './price-table.ts';

/** What was written, or what is wrong with it, each with its path. */
export type Checked<T> = { readonly value: T } | { readonly problems: readonly string[] };

function checked<T extends z.ZodType>(schema: T, input: unknown): Checked<z.output<T>> {
  const result = schema.safeParse(input);
  if (result.success) return { value: result.data };
  return { problems: result.error.issues.map(({ path, message }) => [path.map(String).join('.'), message].filter((text) => text !== '').join(' ')) };
}

/** A shape. */
export function checkedShape(input: unknown): Checked<BucketShape> {
  return checked(bucketShapeSchema, input);
}

/** A price table. */
export function checkedPrices(input: unknown): Checked<PriceTable> {
  return checked(priceTableSchema, input);
}
