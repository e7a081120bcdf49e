/** The shapes by name: which kinds of key space a virtual bucket can have. */
import type { KeyForm } from './key-form.ts';
import { type KeyShape, MAXIMUM_COUNT, type ShapeFactory } from './key-shape.ts';
import { beyondAsciiShape } from './shapes/beyond-ascii.ts';
import { datedShape } from './shapes/dated.ts';
import { deepShape } from './shapes/deep.ts';
import { flatShape } from './shapes/flat.ts';
import { giantsShape } from './shapes/giants.ts';
import { hashPrefixShape } from './shapes/hash-prefix.ts';
import { hashedShape, uuidShape } from './shapes/hashed.ts';
import { longPrefixShape } from './shapes/long-prefix.ts';
import { unpaddedShape } from './shapes/unpadded.ts';
import { zipfShape } from './shapes/zipf.ts';
import { VirtualBucketError } from './virtual-bucket-error.ts';

const FACTORIES = {
  flat: flatShape,
  hashed: hashedShape,
  deep: deepShape,
  dated: datedShape,
  'long-prefix': longPrefixShape,
  'beyond-ascii': beyondAsciiShape,
  uuid: uuidShape,
  zipf: zipfShape,
  'hash-prefix': hashPrefixShape,
  unpadded: unpaddedShape,
  giants: giantsShape,
} as const satisfies Readonly<Record<string, ShapeFactory>>;

/** A kind of key space. */
export type ShapeName = keyof typeof FACTORIES;

/** Every kind of key space; the first six are those that listing is measured on. */
export const SHAPE_NAMES = Object.keys(FACTORIES) as readonly ShapeName[];

/** Whether `text` names a shape. */
export function isShapeName(text: string): text is ShapeName {
  return Object.hasOwn(FACTORIES, text);
}

/**
 * The shape of this name with exactly `count` keys, in the given form of writing.
 *
 * @throws VirtualBucketError where the count is no whole number from 1 to {@link MAXIMUM_COUNT}
 */
export function keyShape(name: ShapeName, count: number, form: KeyForm = 'bytes'): KeyShape {
  if (!Number.isInteger(count) || count < 1 || count > MAXIMUM_COUNT) {
    throw new VirtualBucketError(`a virtual bucket of ${count} keys cannot be made; give a whole number from 1 to ${MAXIMUM_COUNT}`);
  }
  return FACTORIES[name](count, form);
}
