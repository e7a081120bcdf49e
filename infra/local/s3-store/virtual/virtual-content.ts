/** Bodies of virtual objects: bytes without meaning that are the same at every reading, and a stand-in for their MD5. */
import type { Content, ContentBytes } from '../content.ts';
import { scratchSpace } from './key-shape.ts';
import { mix32 } from './mix.ts';
import type { VirtualObjects } from './virtual-objects.ts';

const BLOCK_BYTES = 65_536;

/** Where every body is cut from; twice as long as its period, so that every piece of 64 KiB is one array. */
const BLOCK = Buffer.alloc(2 * BLOCK_BYTES);
for (let word = 0; word < BLOCK_BYTES / 4; word += 1) {
  BLOCK.writeInt32LE(mix32(word), word * 4);
  BLOCK.writeInt32LE(mix32(word), BLOCK_BYTES + word * 4);
}

/** The bytes of one object from `first` up to, not including, `end`. The MD5 that it names is computed from place and range, not from the bytes. */
export function virtualContent(objects: VirtualObjects, index: number, first: number, end: number): Content {
  const shift = mix32(index) & (BLOCK_BYTES - 1);
  const piece = (at: number, to: number) => {
    const start = (at + shift) % BLOCK_BYTES;
    return BLOCK.subarray(start, start + Math.min(BLOCK_BYTES, to - at));
  };
  return {
    size: end - first,
    md5: async () => virtualMd5(objects, index, first, end),
    read: (start, stop) => pieces(piece, first + start, first + stop),
    slice: (start, stop) => virtualContent(objects, index, first + start, first + stop),
  };
}

/** What stands for the MD5 of the bytes from `first` up to, not including, `end`. */
function virtualMd5(objects: VirtualObjects, index: number, first: number, end: number): string {
  const { view, bytes } = scratchSpace(32);
  return bytes.toString('latin1', 0, objects.writeMd5(index, first, end - 1, view, 0));
}

/** At once up to 1 MiB; beyond that a piece at a time, so that a sender can wait. */
function pieces(piece: (at: number, to: number) => Uint8Array, start: number, stop: number): ContentBytes {
  if (stop - start <= 16 * BLOCK_BYTES) return [...eachPiece(piece, start, stop)];
  return asyncPieces(piece, start, stop);
}

function* eachPiece(piece: (at: number, to: number) => Uint8Array, start: number, stop: number): Generator<Uint8Array> {
  for (let at = start; at < stop; at += BLOCK_BYTES) yield piece(at, stop);
}

async function* asyncPieces(piece: (at: number, to: number) => Uint8Array, start: number, stop: number): AsyncGenerator<Uint8Array> {
  yield* eachPiece(piece, start, stop);
}
