/** Sizes of parts, as the AWS CLI chooses them. */
import { MAX_PART_BYTES, MAX_PARTS, MIN_PART_BYTES } from './limits.ts';

/** The AWS CLI's `multipart_chunksize`, in bytes. */
export const CLI_PART_BYTES = 8 * 1024 * 1024;

/**
 * The AWS CLI's rule: the preferred size, doubled until there are at most 10,000 parts, between 5 MiB and 5 GiB.
 *
 * @param size - bytes of the object
 * @param preferred - bytes of a part, default 8 MiB
 * @throws RangeError where 10,000 parts of 5 GiB do not hold the object
 */
export function cliPartSize(size: number, preferred: number = CLI_PART_BYTES): number {
  if (size > MAX_PARTS * MAX_PART_BYTES)
    throw new RangeError(`an object of ${size} bytes does not fit in ${MAX_PARTS} parts of ${MAX_PART_BYTES}; no upload can hold more`);
  let partSize = preferred;
  while (Math.ceil(size / partSize) > MAX_PARTS) partSize *= 2;
  return Math.min(Math.max(partSize, MIN_PART_BYTES), MAX_PART_BYTES);
}
