/** Sizes as people write them. */
import { UsageError } from './usage-error.ts';

const UNITS: Readonly<Record<string, number>> = { '': 1, B: 1, KIB: 2 ** 10, MIB: 2 ** 20, GIB: 2 ** 30, TIB: 2 ** 40 };

/** Bytes of `123`, `64KiB`, `5 MiB`; undefined of undefined. @throws UsageError */
export function readSize(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, digits = '', unit = ''] = /^(\d{1,15}) ?([A-Za-z]*)$/.exec(text) ?? [];
  const bytes = digits === '' ? Number.NaN : Number(digits) * (UNITS[unit.toUpperCase()] ?? Number.NaN);
  if (Number.isSafeInteger(bytes)) return bytes;
  throw new UsageError([`--${option} is ${JSON.stringify(text)}; write bytes, such as 1048576, or 64KiB, 5MiB, 1GiB, 2TiB`]);
}
