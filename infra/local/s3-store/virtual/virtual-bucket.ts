/** A virtual bucket from its description, as the store takes it. */
import type { ObjectSource } from '../bucket.ts';
import { describeVirtual } from './description.ts';
import { virtualSink } from './virtual-sink.ts';
import { virtualSource } from './virtual-source.ts';

/**
 * Name and objects of the bucket that a text such as `flat:1000000` or `sink:flat:1000000,name=copies` describes.
 *
 * @throws VirtualBucketError where the text describes none
 */
export function virtualBucket(text: string): { readonly name: string; readonly objects: ObjectSource } {
  const description = describeVirtual(text);
  return { name: description.name, objects: description.role === 'sink' ? virtualSink(description) : virtualSource(description) };
}
