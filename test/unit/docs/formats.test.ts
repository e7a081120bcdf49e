import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Books, drawUpBooks, type OutcomeCount } from '../../../emr-steps/books/books.ts';
import { ASPECTS, DRIFT_VERSION, FATES } from '../../../emr-steps/books/drift.ts';
import type { Outcome } from '../../../emr-steps/books/outcomes.ts';
import { REASONS, REASONS_VERSION, type ReasonCode } from '../../../emr-steps/books/reasons.ts';
import type { TaskStatistics } from '../../../emr-steps/books/task-statistics.ts';
import { reconcileMapper, SIDES } from '../../../emr-steps/reconcile/side.ts';
import { campanileRecord } from '../../../emr-steps/records/campanile-record.ts';
import { copyResult } from '../../../emr-steps/records/copy-result.ts';
import { copyTask } from '../../../emr-steps/records/copy-task.ts';
import { diffCounts } from '../../../emr-steps/records/diff-counts.ts';
import { DIFFERENCE_KINDS, difference } from '../../../emr-steps/records/difference.ts';
import { driftCount } from '../../../emr-steps/records/drift-count.ts';
import { ledgerRow } from '../../../emr-steps/records/ledger-row.ts';
import { objectRecord } from '../../../emr-steps/records/object-record.ts';
import { outcomeCount } from '../../../emr-steps/records/outcome-count.ts';
import { partition } from '../../../emr-steps/records/partition.ts';
import type { RecordCodec } from '../../../emr-steps/records/record-codec.ts';
import { sweptUpload } from '../../../emr-steps/records/swept-upload.ts';
import { encodeText } from '../../../emr-steps/records/text.ts';
import { VERIFY_VERDICTS, verdictCount } from '../../../emr-steps/records/verdict-count.ts';
import type { RunOutput, RunSummary } from '../../../workflows/events/run-output.ts';

const PAGE = readFileSync(new URL('../../../docs/formats.md', import.meta.url), 'utf8');

/** The lines of the example of a kind. */
function example(language: string, kind: string): readonly string[] {
  const [, lines] = new RegExp(`^\`\`\`${language} ${kind}\n([^]*?)\n\`\`\`$`, 'm').exec(PAGE) ?? [];
  if (lines === undefined) throw new Error(`the page has no example of ${kind}`);
  return lines.split('\n');
}

/** The rows of the first table of a section, cell by cell. */
function table(heading: string): readonly (readonly string[])[] {
  const section = PAGE.split(/^##+ /m).find((text) => text.startsWith(`${heading}\n`));
  const rows = section?.split('\n').filter((line) => line.startsWith('|')) ?? [];
  return rows.slice(2).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

// biome-ignore lint/suspicious/noExplicitAny: one list for records of every kind
const CODECS: readonly RecordCodec<any>[] = [
  objectRecord,
  copyTask,
  copyResult,
  ledgerRow,
  outcomeCount,
  diffCounts,
  driftCount,
  sweptUpload,
  difference,
  verdictCount,
];

describe.each(CODECS)('the page on $record', (codec) => {
  test('has examples that the programs read and would write byte for byte', () => {
    const lines = example('tsv', codec.record);
    for (const line of lines) expect(codec.encode(codec.decode(line))).toBe(line);
    expect(lines.length).toBeGreaterThan(0);
  });

  test('explains every column', () => {
    const rows = table(codec.record);
    const [line] = example('tsv', codec.record) as readonly [string];
    expect(rows.map(([number]) => number)).toEqual(line.split('\t').map((_, at) => String(at + 1)));
  });
});

describe('the page', () => {
  test('shows partition lines as they are written', () => {
    for (const line of example('tsv', 'Partition')) expect(partition.encode(partition.decode(line))).toBe(line);
  });

  test('shows listings of Campanile as they are written', () => {
    for (const line of example('tsv', 'CampanileRecord')) expect(campanileRecord.encode(campanileRecord.decode(line))).toBe(line);
  });

  test('shows the lines between mapper and reducer as the mapper makes them', () => {
    for (const line of example('tsv', 'reconcile')) {
      const side = SIDES.find((name) => line.includes(`\t${name}\t`)) ?? 'ledger';
      const before = line.replace(`\t${side}`, '');
      expect(reconcileMapper(side)(before)).toBe(line);
      expect((side === 'ledger' ? ledgerRow : objectRecord).decode(before)).toHaveProperty('key');
    }
  });

  test('has every kind of result, task and outcome among its examples', () => {
    expect(new Set(example('tsv', 'CopyTask').map((line) => copyTask.decode(line).kind))).toEqual(new Set(['whole', 'part', 'settled']));
    expect(new Set(example('tsv', 'CopyResult').map((line) => copyResult.decode(line).kind))).toEqual(new Set(['whole', 'part', 'settled']));
    expect(new Set(example('tsv', 'LedgerRow').map((line) => ledgerRow.decode(line).outcome))).toEqual(new Set(['copied', 'skipped', 'failed']));
  });

  test('encodes text as it says', () => {
    const rows = table('Text in a column').map(([text = '', column = '']) => [text.replaceAll('`', ''), column.replaceAll('`', '')] as const);
    const spelled: Readonly<Record<string, string>> = {
      'a TAB between a and b': 'a\tb',
      'CR LF': '\r\n',
      'one space': ' ',
      'a space, a b, a space': ' a b ',
      'U+2028': '\u2028',
      'the two characters \\N': '\\N',
      nothing: '',
    };
    const columns: Readonly<Record<string, string>> = { 'U+2028, as its three bytes': '\u2028', 'nothing: an empty column is an empty text, not null': '' };
    expect(rows.length).toBeGreaterThan(8);
    for (const [text, column] of rows) expect(encodeText(spelled[text] ?? text)).toBe(columns[column] ?? column);
    expect(PAGE).toContain(encodeText('\ufeff'));
  });

  test('lists the reason codes, their classes and meanings', () => {
    const codes = (Object.keys(REASONS) as ReasonCode[]).map((code) => [`\`${code}\``, REASONS[code].class, REASONS[code].meaning]);
    expect(table('Reason codes')).toEqual(codes);
    expect(PAGE).toContain(`The closed list, version ${REASONS_VERSION}.`);
  });

  test('lists every kind of difference and every verdict', () => {
    expect(table('Verdicts').map(([verdict]) => verdict)).toEqual(VERIFY_VERDICTS.map((verdict) => `\`${verdict}\``));
    expect(new Set(example('tsv', 'Difference').map((line) => difference.decode(line).kind)).size).toBe(DIFFERENCE_KINDS.length);
  });

  test('lists the aspects of the drift in the order of their letters, and the fates', () => {
    const section = PAGE.split(/^##+ /m).find((text) => text.startsWith('Drift\n')) ?? '';
    const cells = section
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .map((row) =>
        row
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );
    expect(cells.slice(2, 2 + ASPECTS.length).map(([at, aspect]) => [at, aspect])).toEqual(ASPECTS.map((aspect, at) => [String(at + 1), `\`${aspect}\``]));
    expect(cells.slice(4 + ASPECTS.length).map(([letter, fate]) => [letter, fate])).toEqual(
      Object.entries(FATES).map(([fate, letter]) => [`\`${letter}\``, fate]),
    );
    expect(section).toContain(`Version ${DRIFT_VERSION} of the list`);
  });

  test('shows the members of task statistics', () => {
    const members: Record<keyof TaskStatistics, true> = {
      version: true,
      program: true,
      taskAttempt: true,
      startedAt: true,
      updatedAt: true,
      finished: true,
      recordsIn: true,
      recordsOut: true,
      bytes: true,
      requests: true,
      errors: true,
      counts: true,
    };
    expect(Object.keys(JSON.parse(example('json', 'TaskStatistics').join('\n')))).toEqual(Object.keys(members));
  });

  test('shows the members of the summary and the output, with books that are true', () => {
    const common = { version: true, runId: true, status: true, cause: true, books: true } as const;
    const summary: Record<keyof RunSummary, true> = {
      ...common,
      startedAt: true,
      finishedAt: true,
      seconds: true,
      rounds: true,
      wouldCopy: true,
      diff: true,
      verification: true,
      sweep: true,
      estimate: true,
      drift: true,
      requests: true,
      errors: true,
      counts: true,
      steps: true,
    };
    const output: Record<keyof RunOutput, true> = { ...common, verified: true, runDirectory: true, source: true, destination: true, places: true };
    for (const [kind, members] of [['RunSummary', summary] as const, ['RunOutput', output] as const]) {
      const shown = JSON.parse(example('json', kind).join('\n')) as { readonly books: Books };
      expect(new Set(Object.keys(shown))).toEqual(new Set(Object.keys(members)));
      expect(drawUpAgain(shown.books)).toEqual(shown.books);
    }
  });
});

/** The same books, drawn up from their own outcomes. */
function drawUpAgain(books: Books): Books {
  const failedReason = Object.keys(books.reasons)[0] as ReasonCode | undefined;
  const counts = (['copied', 'skipped', 'failed'] as const satisfies readonly Outcome[]).map((outcome): OutcomeCount => {
    return { ...books.outcomes[outcome], outcome, reason: outcome === 'failed' ? (failedReason ?? null) : null };
  });
  return drawUpBooks(books.listed, books.outcomes.unchanged, counts);
}
