/** The lines of source, destination and ledger, brought together key by key. */
import { type LedgerRow, ledgerRow } from '../records/ledger-row.ts';
import { objectRecord } from '../records/object-record.ts';
import { RecordError } from '../records/record-error.ts';
import { isBetter } from './best-row.ts';
import { endOfKey } from './joined-line.ts';
import type { ListedFacts, VerifiedObject } from './verify-rules.ts';

/** One key with what each side says of it. */
export interface VerifiedKey {
  /** As it stands in the lines, encoded. */
  readonly encodedKey: string;
  readonly facts: VerifiedObject;
  /** The side of each further line of this key in one listing. */
  readonly duplicates: readonly ListingSide[];
}

/** The sides that are listings. */
export type ListingSide = 'source' | 'destination';

interface OpenKey {
  readonly encodedKey: string;
  readonly facts: { source: ListedFacts | null; destination: ListedFacts | null; ledger: LedgerRow | null };
  readonly duplicates: ListingSide[];
}

/** Joins lines `key side rest`, those of one key one after another. */
export class VerifyJoin {
  #open: OpenKey | null = null;
  #whole: VerifiedKey[] = [];

  /** @throws RecordError at a line of another side, or that is none */
  add(line: string): void {
    const keyEnd = endOfKey(line);
    const open = this.#keyOf(line, keyEnd);
    const sideEnd = line.indexOf('\t', keyEnd + 1);
    const side = line.slice(keyEnd + 1, sideEnd);
    const plain = line.slice(0, keyEnd) + line.slice(sideEnd);
    if (sideEnd > 0 && side === 'ledger') addRecorded(open, ledgerRow.decode(plain));
    else if (sideEnd > 0 && (side === 'source' || side === 'destination')) addListed(open, side, plain);
    else throw new RecordError('reconcile line', `${JSON.stringify(line.slice(0, 300))} has neither source, destination nor ledger as its second column`);
  }

  /** No further line comes. */
  end(): void {
    if (this.#open !== null) this.#whole.push(this.#open);
    this.#open = null;
  }

  /** The keys whose lines are complete. */
  take(): readonly VerifiedKey[] {
    const taken = this.#whole;
    this.#whole = [];
    return taken;
  }

  #keyOf(line: string, keyEnd: number): OpenKey {
    if (this.#open !== null && keyEnd === this.#open.encodedKey.length && line.startsWith(this.#open.encodedKey)) return this.#open;
    this.end();
    this.#open = { encodedKey: line.slice(0, keyEnd), facts: { source: null, destination: null, ledger: null }, duplicates: [] };
    return this.#open;
  }
}

function addRecorded({ facts }: OpenKey, row: LedgerRow): void {
  if (facts.ledger === null || isBetter(row, facts.ledger)) facts.ledger = row;
}

function addListed({ facts, duplicates }: OpenKey, side: ListingSide, line: string): void {
  const { etag, size } = objectRecord.decode(line);
  if (facts[side] === null) facts[side] = { etag, size };
  else duplicates.push(side);
}
