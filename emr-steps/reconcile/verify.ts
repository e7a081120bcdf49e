/**
 * The verify step's reducer: source, destination and ledger joined by key, each object judged by verify-rules. A key that one listing holds
 * twice is judged once, and each further line is a `duplicate`.
 */
import { mapConcurrently } from '../hadoop/concurrent.ts';
import { reportProgress } from '../hadoop/progress.ts';
import type { StepProgram } from '../hadoop/step-context.ts';
import { type Difference, type DifferenceKind, difference, isDifferenceKind } from '../records/difference.ts';
import { decodeText } from '../records/text.ts';
import { VERIFY_VERDICTS, verdictCount } from '../records/verdict-count.ts';
import type { LookAtBoth } from './checksum-look.ts';
import { ExactTallies } from './exact-tally.ts';
import { type VerifiedKey, VerifyJoin } from './verify-join.ts';
import { type Judgement, judge, LOOK, type VerifyComparison } from './verify-rules.ts';

/** What the step yields. */
export interface VerifyOptions {
  /** `verdicts`: lines of VerdictCount. `differences`: lines of Difference. */
  readonly emit: 'verdicts' | 'differences';
  readonly compare: VerifyComparison;
  /** Whether what only the destination has is a row of its own; it is counted in any case. */
  readonly extras: boolean;
  /** Looks at both objects where only that can tell; with the comparison `checksum` alone. */
  readonly look?: LookAtBoth;
  /** Objects that are looked at at once. Default 64. */
  readonly concurrency?: number;
}

interface JudgedKey {
  readonly joined: VerifiedKey;
  readonly judgement: Judgement;
}

/** The program; its lines are `key side rest`, those of one key one after another. */
export function verify(options: VerifyOptions): StepProgram<string, string> {
  return async function* verifyLines(input, context) {
    const tallies = new VerdictTallies();
    const progress = reportProgress(context, 'verified', 'objects');
    try {
      for await (const keys of judgedKeys(joinedKeys(input), options, context.signal)) {
        for (const key of keys) tallies.add(key);
        progress.add(keys.length, 0);
        const rows = options.emit === 'differences' ? keys.flatMap((key) => differenceRows(key, options.extras)) : [];
        if (rows.length > 0) yield rows;
      }
    } finally {
      progress.stop();
    }
    if (options.emit === 'verdicts') yield tallies.lines();
  };
}

function judgedKeys(joined: AsyncIterable<readonly VerifiedKey[]>, options: VerifyOptions, signal: AbortSignal): AsyncIterable<readonly JudgedKey[]> {
  return mapConcurrently(joined, (key: VerifiedKey) => judged(key, options, signal), { concurrency: options.concurrency ?? 64, signal });
}

async function* joinedKeys(input: AsyncIterable<readonly string[]>): AsyncGenerator<readonly VerifiedKey[], void, void> {
  const join = new VerifyJoin();
  for await (const lines of input) {
    for (const line of lines) join.add(line);
    const keys = join.take();
    if (keys.length > 0) yield keys;
  }
  join.end();
  yield join.take();
}

/** With a promise only where somebody has to look. */
function judged(joined: VerifiedKey, { compare, look }: VerifyOptions, signal: AbortSignal): readonly JudgedKey[] | Promise<readonly JudgedKey[]> {
  const judgement = judge(joined.facts, compare);
  if (judgement !== LOOK) return [{ joined, judgement }];
  if (look === undefined) throw new TypeError('the comparison "checksum" needs somebody who looks');
  return look(decodeText(joined.encodedKey), signal).then((seen) => [{ joined, judgement: seen }]);
}

class VerdictTallies {
  readonly #tallies = new ExactTallies(() => undefined);

  add({ joined: { facts, duplicates }, judgement }: JudgedKey): void {
    const bytes = (facts.source ?? facts.destination)?.size ?? 0;
    this.#tallies.add(judgement.verdict, bytes);
    for (const _ of duplicates) this.#tallies.add('duplicate', bytes);
  }

  /** What was counted, in the order of the verdicts. */
  lines(): readonly string[] {
    const sums = new Map(this.#tallies.sums());
    return VERIFY_VERDICTS.flatMap((verdict) => {
      const sum = sums.get(verdict);
      return sum === undefined ? [] : [verdictCount.encode({ verdict, objects: sum.objects, bytes: Number(sum.bytes) })];
    });
  }
}

function differenceRows({ joined, judgement: { verdict, detail } }: JudgedKey, extras: boolean): readonly string[] {
  const rows = joined.duplicates.map((side) => differenceRow(joined, 'duplicate', `the ${side} was listed with this key more than once`));
  return isDifferenceKind(verdict) && (verdict !== 'extra' || extras) ? [...rows, differenceRow(joined, verdict, detail)] : rows;
}

/** The key stands in the row as it came: it is encoded already. */
function differenceRow({ encodedKey, facts: { source, destination, ledger } }: VerifiedKey, kind: DifferenceKind, detail: string | null): string {
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
  return encodedKey + difference.encode(row);
}
