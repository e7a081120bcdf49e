/** The prices of an estimate. */
import { checkedPrices } from '../../workflows/estimate/estimate-files.ts';
import { DEFAULT_PRICES, type PriceTable } from '../../workflows/estimate/price-table.ts';
import { jsonOf } from './estimate-shape.ts';

/** A user's own table, or the list prices. @throws PreflightError where the file is no price table */
export async function readPrices(file: string | undefined): Promise<PriceTable> {
  return file === undefined ? DEFAULT_PRICES : jsonOf(file, checkedPrices);
}
