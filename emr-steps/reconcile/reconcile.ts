/**
 * The reconcile step's reducer: what was to be copied, joined with the ledger by key. Every object gets one verdict:
 *
 * | to-copy lines | ledger rows | verdict |
 * |---|---|---|
 * | 1 | 1 or more | the best row's outcome and reason |
 * | 1 | none | failed, `not-recorded` |
 * | none | 1 or more | `unlisted` |
 * | further ones | any | as with one; each further line a `duplicate` |
 *
 * Which of several rows is the best says best-row.ts. Bytes are those of the listing.
 */
import { isReasonCode, reasonClass } from '../books/reasons.ts';
import type { StepProgram } from '../hadoop/step-context.ts';
import { driftCount } from '../records/drift-count.ts';
import { outcomeCount } from '../records/outcome-count.ts';
import { NULL_COLUMN } from '../records/text.ts';
import { isBetter } from './best-row.ts';
import { DriftTallies } from './drift-tallies.ts';
import { checkOutcome, driftOf, endOfKey, ledgerOf, outcomeOf, sideAt, sizeOf, withoutSide } from './joined-line.ts';
import { OutcomeTallies } from './outcome-tallies.ts';

/** What the step yields. */
export interface ReconcileOptions {
  /** `counts`: lines of OutcomeCount and DriftCount. `unsettled`: the to-copy line of each object that another round may settle. */
  readonly emit: 'counts' | 'unsettled';
}

const COPIED = `copied\t${NULL_COLUMN}`;
const NOT_RECORDED = 'failed\tnot-recorded';
const DUPLICATE = `duplicate\t${NULL_COLUMN}`;
const UNLISTED = `unlisted\t${NULL_COLUMN}`;

/** The program; its lines are `key side rest`, those of one key one after another. */
export function reconcile(options: ReconcileOptions): StepProgram<string, string> {
  return async function* reconcileLines(input) {
    const join = new Join(options.emit === 'unsettled');
    for await (const lines of input) {
      for (const line of lines) join.add(line);
      const unsettled = join.takeUnsettled();
      if (unsettled.length > 0) yield unsettled;
    }
    join.end();
    yield options.emit === 'counts' ? [...join.tallies.counts().map(outcomeCount.encode), ...join.drift.counts().map(driftCount.encode)] : join.takeUnsettled();
  };
}

function checkVerdict(outcomeAndReason: string): void {
  if (outcomeAndReason !== DUPLICATE && outcomeAndReason !== UNLISTED) checkOutcome(outcomeAndReason);
}

/** Whether another round may settle an object with this outcome and reason. */
function isRetryable(outcomeAndReason: string): boolean {
  if (!outcomeAndReason.startsWith('failed\t')) return false;
  const reason = outcomeAndReason.slice('failed\t'.length);
  return isReasonCode(reason) && reasonClass(reason) === 'retryable';
}

/** The rows of one key at a time. */
class Join {
  readonly tallies = new OutcomeTallies(checkVerdict);
  /** Of what was copied. */
  readonly drift = new DriftTallies();
  readonly #keepUnsettled: boolean;
  #unsettled: string[] = [];
  /** The key of the lines at hand; null before the first. */
  #key: string | null = null;
  #listed: string | null = null;
  #recorded: string | null = null;

  constructor(keepUnsettled: boolean) {
    this.#keepUnsettled = keepUnsettled;
  }

  add(line: string): void {
    const keyEnd = endOfKey(line);
    if (this.#key === null || keyEnd !== this.#key.length || !line.startsWith(this.#key)) {
      this.end();
      this.#key = line.slice(0, keyEnd);
    }
    if (sideAt(line, keyEnd) === 'ledger') this.#addRecorded(line, keyEnd);
    else if (this.#listed === null) this.#listed = line;
    else this.tallies.add(DUPLICATE, sizeOf(line, keyEnd, 'to-copy'));
  }

  /** The lines of the key at hand are complete. */
  end(): void {
    if (this.#key === null) return;
    const [listed, recorded, keyEnd] = [this.#listed, this.#recorded, this.#key.length];
    this.#key = null;
    this.#listed = null;
    this.#recorded = null;
    if (listed === null) {
      if (recorded !== null) this.tallies.add(UNLISTED, sizeOf(recorded, keyEnd, 'ledger'));
      return;
    }
    const verdict = recorded === null ? NOT_RECORDED : outcomeOf(recorded, keyEnd);
    const bytes = sizeOf(listed, keyEnd, 'to-copy');
    this.tallies.add(verdict, bytes);
    if (recorded !== null && verdict === COPIED) this.drift.add(driftOf(recorded, keyEnd), bytes);
    if (this.#keepUnsettled && isRetryable(verdict)) this.#unsettled.push(withoutSide(listed, keyEnd, 'to-copy'));
  }

  takeUnsettled(): readonly string[] {
    const taken = this.#unsettled;
    this.#unsettled = [];
    return taken;
  }

  #addRecorded(line: string, keyEnd: number): void {
    if (this.#recorded === null || isBetter(ledgerOf(line, keyEnd), ledgerOf(this.#recorded, keyEnd))) this.#recorded = line;
  }
}
