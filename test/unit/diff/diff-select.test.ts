import { describe, expect, test } from 'vitest';
import { countColumns, diffSelect, hasVerdict, VERDICTS } from '../../../workflows/diff/diff-select.ts';
import { duckdbStatements } from '../../../workflows/diff/duckdb-diff.ts';
import { LISTING_COLUMNS } from '../../../workflows/diff/listing-columns.ts';

const TABLES = { source: 'src_r1', destination: 'dst_r1' };

describe('diffSelect', () => {
  test('reads as every engine takes it', () => {
    const short = diffSelect({ ...TABLES, extras: true, compare: 'etag' }).replaceAll(/(s|d)\.(\w+) AS \w+, /g, '');
    expect(short).toBe(`SELECT d.restore_status AS d_restore_status,
  CASE WHEN s.key IS NULL AND d.key IS NULL THEN 'invalid'
       WHEN d.key IS NULL THEN 'missing'
       WHEN s.key IS NULL THEN 'extra'
       WHEN s.etag IS DISTINCT FROM d.etag OR s.size IS DISTINCT FROM d.size THEN 'different'
       ELSE 'unchanged' END AS verdict
FROM src_r1 s FULL OUTER JOIN dst_r1 d ON s.key = d.key`);
  });

  test('carries every column of both sides, of the destination only where extras are wanted', () => {
    const full = diffSelect({ ...TABLES, extras: true, compare: 'etag' });
    const left = diffSelect({ ...TABLES, extras: false, compare: 'etag' });
    for (const column of LISTING_COLUMNS) {
      expect(full).toContain(`s.${column} AS ${column}`);
      expect(full).toContain(`d.${column} AS d_${column}`);
      expect(left).not.toContain(`AS d_${column}`);
    }
    expect(left).toContain('LEFT OUTER JOIN');
  });

  test('never compares with <>, which loses rows whose ETag is null', () => {
    expect(diffSelect({ ...TABLES, extras: true, compare: 'etag' })).not.toContain('<>');
  });

  test('compares by size alone where every ETag is another one', () => {
    const select = diffSelect({ ...TABLES, extras: false, compare: 'size' });
    expect(select).toContain('WHEN s.size IS DISTINCT FROM d.size THEN');
    expect(select).not.toContain('etag IS DISTINCT');
  });
});

describe('countColumns', () => {
  test('counts each verdict with its bytes, and the invalid rows, in the order of the line', () => {
    const columns = countColumns((verdict) => (verdict === 'extra' ? 'd_size' : 'size'));
    expect(columns).toHaveLength(9);
    expect(columns[0]).toBe("COUNT(CASE WHEN verdict = 'missing' THEN 1 END)");
    expect(columns[7]).toBe("COALESCE(SUM(CASE WHEN verdict = 'extra' THEN CAST(d_size AS BIGINT) END), 0)");
    expect(columns.map((column) => VERDICTS.find((verdict) => column.includes(`'${verdict}'`)))).toEqual([
      'missing',
      'missing',
      'different',
      'different',
      'unchanged',
      'unchanged',
      'extra',
      'extra',
      'invalid',
    ]);
  });
});

describe('duckdbStatements', () => {
  const DIFF = { source: ["/it's/part-00000"], destination: [], toCopy: '/o/to-copy', extra: null, counts: '/o/counts', compare: 'etag' } as const;

  test('name every file one by one, with quotes that cannot end it', () => {
    const [create] = duckdbStatements(DIFF);
    expect(create).toContain("read_csv(['/it''s/part-00000'], ");
    expect(create).toContain('WHERE false)');
    expect(create).toContain('max_line_size=65536');
  });

  test('write extras only where they are wanted', () => {
    expect(duckdbStatements(DIFF)).toHaveLength(3);
    const withExtras = duckdbStatements({ ...DIFF, extra: '/o/extra' });
    expect(withExtras).toHaveLength(4);
    expect(withExtras[2]).toContain(`WHERE ${hasVerdict(['extra'])}`);
    expect(withExtras[2]).toContain("TO '/o/extra'");
  });
});
