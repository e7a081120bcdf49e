/**
 * The verify step's reducer: source, destination and ledger joined by key, each object judged by verify-rules. A key that one listing holds
 * twice is judged once, and each further line is a `duplicate`.
 */
import type { StepProgram } from '../hadoop/step-context.ts';
import { type Difference, type DifferenceKind, difference, isDifferenceKind } from '../records/difference.ts';
import { type LedgerRow, ledgerRow } from '../records/ledger-row.ts';
import { objectRecord } from '../records/object-record.ts';
import { RecordError } from '../records/record-error.ts';
import { VERIFY_VERDICTS, type VerifyVerdict, verdictCount } from '../records/verdict-count.ts';
import { isBetter } from './best-row.ts';
import { endOfKey } from './joined-line.ts';
import { type Judgement, judge, type ListedFacts, type VerifyComparison } from './verify-rules.ts';

/** What the step yields. */
export interface VerifyOptions {
  /** `verdicts`: lines of VerdictCount. `differences`: lines of Difference. */
  readonly emit: 'verdicts' | 'differences';
  readonly compare: VerifyComparison;
  /** Whether what only the destination has is a row of its own; it is counted in any case. */
  readonly extras: boolean;
}

/** The program; its lines are `key side rest`, those of one key one after another in one batch. */
export function verify(options: VerifyOptions): StepProgram<string, string> {
  return async function* verifyLines(input) {
    const join = new VerifyJoin(options);
    for await (const lines of input) {
      for (const line of lines) join.add(line);
      const rows = join.takeRows();
      if (rows.length > 0) yield rows;
    }
    join.end();
    yield options.emit === 'verdicts' ? join.counts() : join.takeRows();
  };
}

const NOTHING = { source: null, destination: null, ledger: null } as const;

interface KeyFacts {
  source: ListedFacts | null;
  destination: ListedFacts | null;
  ledger: LedgerRow | null;
}

/** The lines of one key at a time. */
class VerifyJoin {
  readonly #options: VerifyOptions;
  readonly #tallies = new Map<VerifyVerdict, { objects: number; bytes: number }>();
  #rows: string[] = [];
  /** The encoded key of the lines at hand; null before the first. */
  #key: string | null = null;
  #facts: KeyFacts = { ...NOTHING };

  constructor(options: VerifyOptions) {
    this.#options = options;
  }

  add(line: string): void {
    const keyEnd = endOfKey(line);
    if (this.#key === null || keyEnd !== this.#key.length || !line.startsWith(this.#key)) {
      this.end();
      this.#key = line.slice(0, keyEnd);
    }
    const sideEnd = line.indexOf('\t', keyEnd + 1);
    const side = line.slice(keyEnd + 1, sideEnd);
    const plain = line.slice(0, keyEnd) + line.slice(sideEnd);
    if (sideEnd > 0 && side === 'ledger') this.#addRecorded(ledgerRow.decode(plain));
    else if (sideEnd > 0 && (side === 'source' || side === 'destination')) this.#addListed(side, plain);
    else throw new RecordError('reconcile line', `${JSON.stringify(line.slice(0, 300))} has neither source, destination nor ledger as its second column`);
  }

  /** The lines of the key at hand are complete. */
  end(): void {
    if (this.#key === null) return;
    this.#judged(judge(this.#facts, this.#options.compare));
    this.#key = null;
    this.#facts = { ...NOTHING };
  }

  takeRows(): readonly string[] {
    const taken = this.#rows;
    this.#rows = [];
    return taken;
  }

  /** What was counted, in the order of the verdicts. */
  counts(): readonly string[] {
    return VERIFY_VERDICTS.flatMap((verdict) => {
      const tally = this.#tallies.get(verdict);
      return tally === undefined ? [] : [verdictCount.encode({ verdict, ...tally })];
    });
  }

  #addRecorded(row: LedgerRow): void {
    if (this.#facts.ledger === null || isBetter(row, this.#facts.ledger)) this.#facts.ledger = row;
  }

  #addListed(side: 'source' | 'destination', line: string): void {
    const { etag, size } = objectRecord.decode(line);
    if (this.#facts[side] === null) this.#facts[side] = { etag, size };
    else this.#judged({ verdict: 'duplicate', detail: `the ${side} was listed with this key more than once` });
  }

  #judged({ verdict, detail }: Judgement): void {
    const { source, destination } = this.#facts;
    const tally = this.#tallies.get(verdict) ?? { objects: 0, bytes: 0 };
    this.#tallies.set(verdict, { objects: tally.objects + 1, bytes: tally.bytes + ((source ?? destination)?.size ?? 0) });
    const isRow = isDifferenceKind(verdict) && (verdict !== 'extra' || this.#options.extras);
    if (isRow && this.#options.emit === 'differences') this.#rows.push(this.#row(verdict, detail));
  }

  /** The key stands in the row as it came: it is encoded already. */
  #row(kind: DifferenceKind, detail: string | null): string {
    const { source, destination, ledger } = this.#facts;
    const row: Difference = {
      key: '',
      kind,
      sourceSize: source?.size ?? null,
      destinationSize: destination?.size ?? null,
      sourceEtag: source?.etag ?? null,
      destinationEtag: destination?.etag ?? null,
      outcome: ledger?.outcome ?? null,
      reason: ledger?.reason ?? null,
      proof: ledger?.proof ?? null,
      detail,
    };
    return this.#key + difference.encode(row);
  }
}
