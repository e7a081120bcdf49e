/** Two listings to compare: many rows with odd keys, nulls and duplicates, the same on every machine. */
import { ODD_KEYS } from '../../../cli/demo/odd-keys.ts';
import { encodeText, NULL_COLUMN } from '../../../emr-steps/records/text.ts';

/** The lines of both sides. */
export interface Listings {
  readonly source: readonly string[];
  readonly destination: readonly string[];
}

const TIME = '2026-01-02 03:04:05';

function line(key: string | null, etag: string | null, size: number | null, more: readonly string[] = []): string {
  const rest = [...more, ...Array.from({ length: 6 }, () => NULL_COLUMN)].slice(0, 6);
  return [key === null ? NULL_COLUMN : encodeText(key), etag ?? NULL_COLUMN, size === null ? NULL_COLUMN : String(size), TIME, ...rest].join('\t');
}

function etag(number: number): string {
  return number.toString(16).padStart(32, '0');
}

/** Every way in which two rows of one key can be alike or not. */
function pair(key: string, number: number): { readonly source: readonly string[]; readonly destination: readonly string[] } {
  const one = line(key, etag(number), number, ['STANDARD', 'CRC64NVME', 'FULL_OBJECT']);
  switch (number % 9) {
    case 0:
      return { source: [one], destination: [] };
    case 1:
      return { source: [], destination: [one] };
    case 2:
      return { source: [one], destination: [line(key, etag(number + 1), number)] };
    case 3:
      return { source: [one], destination: [line(key, etag(number), number + 1)] };
    case 4:
      return { source: [line(key, null, number)], destination: [line(key, number % 2 === 0 ? null : etag(number), number)] };
    case 5:
      return { source: [one, one], destination: number % 2 === 0 ? [] : [line(key, etag(7), 7)] };
    case 6:
      return { source: [one], destination: [one, one, line(key, etag(1), number)] };
    default:
      return { source: [one], destination: [line(key, etag(number), number, ['STANDARD_IA'])] };
  }
}

/** Listings of at least so many rows a side. */
export function oddListings(rows: number): Listings {
  const odd = Object.values(ODD_KEYS).flatMap((key) => Array.from({ length: 9 }, (_, kind) => `${'~'.repeat(kind)}${key}`.slice(0, 1000)));
  const keys = [...odd, ...Array.from({ length: rows }, (_, number) => `folder-${number % 97}/Key ${number} é日本`)];
  const source: string[] = [];
  const destination: string[] = [];
  for (const [number, key] of keys.entries()) {
    const both = pair(key, number);
    source.push(...both.source);
    destination.push(...both.destination);
  }
  source.push(line(null, etag(1), 1), line('null/size', etag(1), null), line('', null, 0));
  destination.push(line(null, etag(2), 2), line('null/size', etag(1), 5));
  return { source, destination };
}
