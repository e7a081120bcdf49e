/** A shape whose keys all begin with one more prefix. */
import { writePhrase } from './digits.ts';
import { phrasesIn } from './key-form.ts';
import type { KeyShape } from './key-shape.ts';

/** The same keys, each after `prefix`; the shape itself where that is empty. */
export function prefixedShape(shape: KeyShape, prefix: string): KeyShape {
  if (prefix === '') return shape;
  const head = phrasesIn(shape.form)(prefix);
  return { ...shape, maximumBytes: head.length + shape.maximumBytes, write: (index, into, at) => shape.write(index, into, writePhrase(into, at, head)) };
}
