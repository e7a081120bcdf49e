/** Hexadecimal hashes and UUIDs: keys that lie evenly over the whole key space and share no prefix. */
import { writeHex16, writeHex32 } from '../digits.ts';
import type { KeyForm } from '../key-form.ts';
import type { KeyShape } from '../key-shape.ts';
import { mixWith } from '../mix.ts';

const TWO_52 = 2 ** 52;
const TWO_32 = 2 ** 32;
const TWO_20 = 2 ** 20;
const DASH = 45;

/**
 * The first 52 bits of the key at `index`: one number out of each of `count` equal slices, so that the order is the index's
 * and the place within the slice looks random.
 */
function slices(count: number): (index: number) => number {
  const slice = TWO_52 / count;
  const room = Math.floor(slice);
  return (index) => Math.floor(index * slice) + Math.floor(((mixWith(index, 0x68617368) >>> 0) / TWO_32) * room);
}

/** `0f3a…`: 32 lower-case hexadecimal digits, like an MD5. */
export function hashedShape(count: number, form: KeyForm): KeyShape {
  const place = slices(count);
  const write: KeyShape['write'] = (index, into, at) => {
    const bits = place(index);
    const high = Math.floor(bits / TWO_20);
    writeHex32(into, at, high);
    writeHex32(into, at + 8, ((bits - high * TWO_20) << 12) | (mixWith(index, 0x6d696478) & 0xfff));
    writeHex32(into, at + 16, mixWith(index, 0x6c6f7731));
    return writeHex32(into, at + 24, mixWith(index, 0x6c6f7732));
  };
  return { count, form, maximumBytes: 32, write };
}

function writeDash(into: DataView, at: number): number {
  into.setUint8(at, DASH);
  return at + 1;
}

/** `0f3a5b7c-12ab-4cde-9f01-23456789abcd`: random UUIDs of version 4. */
export function uuidShape(count: number, form: KeyForm): KeyShape {
  const place = slices(count);
  const write: KeyShape['write'] = (index, into, at) => {
    const bits = place(index);
    const high = Math.floor(bits / TWO_20);
    const low = bits - high * TWO_20;
    const random = mixWith(index, 0x75756964);
    let end = writeDash(into, writeHex32(into, at, high));
    end = writeDash(into, writeHex16(into, end, low >>> 4));
    end = writeDash(into, writeHex16(into, end, 0x4000 | ((low & 15) << 8) | (random & 0xff)));
    end = writeDash(into, writeHex16(into, end, 0x8000 | ((random >>> 8) & 0x3fff)));
    return writeHex32(into, writeHex16(into, end, mixWith(index, 0x6e6f6465)), mixWith(index, 0x6e6f6432));
  };
  return { count, form, maximumBytes: 36, write };
}
