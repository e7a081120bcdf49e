/** Places and names of AWS as a request writes them. */
import * as z from 'zod';

const BUCKET = '[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]';
const BELOW = new RegExp(`^s3://${BUCKET}(?:/[A-Za-z0-9!_.*'()=/-]*)?$`);
const OBJECT = new RegExp(`^s3://${BUCKET}/[^\\0]{1,1024}$`, 's');

/** A prefix of S3 below which a program writes: signs that Hadoop would read as a pattern or a list are not allowed. */
export const s3Folder = z
  .string()
  .regex(BELOW, "is no place, such as s3://bucket/prefix; letters, digits and !_.*'()=/- are allowed in the prefix")
  .transform((text) => text.replace(/\/+$/, ''));

/** An object of S3. */
export const s3Object = z.string().regex(OBJECT, 'is no object, such as s3://bucket/key');

/** An object of S3, or a file of this machine. */
export const fileOrObject = z
  .string()
  .refine((text) => OBJECT.test(text) || /^\/[^\0]+$/.test(text), 'is neither an object, such as s3://bucket/key, nor an absolute path');

/** A name of AWS. @param service - such as `sns` @param resource - a regular expression of what stands behind the account @param example - for the message */
export function arnOf(service: string, resource: string, example: string) {
  return z.string().regex(new RegExp(`^arn:aws[a-z-]*:${service}:[a-z0-9-]*:\\d{12}:${resource}$`), `is no such ARN; write ${example}`);
}

/** A Region. */
export const regionName = z.string().regex(/^[a-z]{2,}(-[a-z0-9]+)+$/, 'is no Region name, such as eu-central-1');
