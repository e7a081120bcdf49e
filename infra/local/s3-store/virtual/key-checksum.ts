/** An order-independent checksum of a set of keys: the sum of a 64-bit hash of each, so that two halves can be added and no order matters. */
import { type KeyShape, scratchSpace } from './key-shape.ts';

const TWO_32 = 0x1_0000_0000;

/** A sum modulo 2^64 in two halves, with the number of keys in it. Plain data: it can be sent between processes. */
export interface KeySum {
  readonly keys: number;
  /** Sum modulo 2^64 as 16 hexadecimal digits. */
  readonly sum: string;
}

/** Adds up hashes of keys. A key added twice changes the sum, so a listing that repeats one and loses another is found out. */
export class KeyChecksum {
  #keys = 0;
  #high = 0;
  #low = 0;

  /** Adds the key that stands in `bytes` from `start` up to `end`; some 1.3 nanoseconds a byte. */
  add(bytes: Uint8Array, start = 0, end = bytes.length): void {
    let a = 0x243f6a88;
    let b = 0x13198a2e;
    for (let at = start; at < end; at += 1) {
      const byte = bytes[at] as number;
      a = Math.imul(a ^ byte, 0x9e3779b1);
      b = Math.imul(b ^ byte, 0x5f356495);
    }
    a = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35);
    b = Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
    this.#addHalves(1, b >>> 0, a >>> 0);
  }

  /** Adds a sum that was taken elsewhere. */
  merge(other: KeySum): void {
    this.#addHalves(other.keys, Number.parseInt(other.sum.slice(0, 8), 16), Number.parseInt(other.sum.slice(8), 16));
  }

  /** What was added so far. */
  value(): KeySum {
    const half = (value: number) => value.toString(16).padStart(8, '0');
    return { keys: this.#keys, sum: half(this.#high) + half(this.#low) };
  }

  #addHalves(keys: number, high: number, low: number): void {
    this.#keys += keys;
    const sum = this.#low + low;
    const carry = sum >= TWO_32 ? 1 : 0;
    this.#low = sum - carry * TWO_32;
    this.#high = (this.#high + high + carry) % TWO_32;
  }
}

/** The checksum of the keys of a shape at the places from `from` up to, not including, `to`: all of them by default. */
export function checksumOfShape(shape: KeyShape, from = 0, to = shape.count): KeySum {
  const checksum = new KeyChecksum();
  const { view, bytes } = scratchSpace(shape.maximumBytes);
  for (let index = from; index < to; index += 1) checksum.add(bytes, 0, shape.write(index, view, 0));
  return checksum.value();
}
