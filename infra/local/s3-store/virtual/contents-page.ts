/** The `<Contents>` elements of a listing's page, made at one go into memory that is used again for the next page. */

import type { KeyForm } from './key-form.ts';
import { type KeyShape, type Scratch, scratchSpace } from './key-shape.ts';
import { ENTRY_OVERHEAD, type EntryWriter, entryWriter } from './listing-entry.ts';
import type { VirtualObjects } from './virtual-objects.ts';

/** S3's limit on the keys of a page. */
const MOST_KEYS = 1000;

/** Elements of consecutive objects. */
export interface WrittenPage {
  /** Their bytes; valid until `release`. */
  readonly bytes: Buffer;
  /** Gives the memory back; to be called once, when the bytes were sent. */
  release(): void;
}

/** Writes pages of one bucket in one form of keys. */
export interface PageWriter {
  /** The elements from place `first` up to, not including, `end`: at most a thousand. */
  page(first: number, end: number): WrittenPage;
}

function pageInto(space: Scratch, write: EntryWriter, first: number, end: number): Buffer {
  let at = 0;
  for (let index = first; index < end; index += 1) at = write(index, space.view, at);
  return space.bytes.subarray(0, at);
}

/** A writer with as many pages of memory as were ever in use at once. */
function pageWriter(shape: KeyShape, objects: VirtualObjects): PageWriter {
  const write = entryWriter(shape, objects);
  const idle: Scratch[] = [];
  return {
    page(first, end) {
      const space = idle.pop() ?? scratchSpace(MOST_KEYS * (shape.maximumBytes + ENTRY_OVERHEAD));
      return { bytes: pageInto(space, write, first, end), release: () => idle.push(space) };
    },
  };
}

/** Page writers by form of keys, made when first asked for. */
export function pageWriters(shapeIn: (form: KeyForm) => KeyShape, objects: VirtualObjects): (form: KeyForm) => PageWriter {
  const writers = new Map<KeyForm, PageWriter>();
  return (form) => {
    const known = writers.get(form);
    if (known !== undefined) return known;
    const made = pageWriter(shapeIn(form), objects);
    writers.set(form, made);
    return made;
  };
}
