import { describe, expect, it } from 'vitest';
import { taskReporter } from '../../../emr-steps/hadoop/task-reporter.ts';

function reporter() {
  const lines: string[] = [];
  return { lines, ...taskReporter({ write: (text: string) => lines.push(text) }) };
}

describe('taskReporter', () => {
  it('writes counters and status as Hadoop Streaming reads them', () => {
    const { lines, counter, status } = reporter();
    counter('carillon', 'bytes', 12);
    status('half way');
    expect(lines).toEqual(['reporter:counter:carillon,bytes,12\n', 'reporter:status:half way\n']);
  });

  it('turns commas in names into semicolons and line ends into blanks', () => {
    const { lines, counter, status } = reporter();
    counter('a,b', 'c\r\nd,e', 1);
    status(' one\ntwo\u2028three ');
    expect(lines).toEqual(['reporter:counter:a;b,c d;e,1\n', 'reporter:status:one two three\n']);
  });

  it('writes whole amounts, and none for nothing', () => {
    const { lines, counter } = reporter();
    counter('g', 'n', 2.9);
    counter('g', 'n', 0.5);
    counter('g', 'n', Number.NaN);
    expect(lines).toEqual(['reporter:counter:g,n,2\n']);
  });

  it('cuts names and status at the lengths that Hadoop keeps', () => {
    const { lines, counter, status } = reporter();
    counter('g'.repeat(200), 'n'.repeat(200), 1);
    status('s'.repeat(1000));
    expect(lines).toEqual([`reporter:counter:${'g'.repeat(128)},${'n'.repeat(64)},1\n`, `reporter:status:${'s'.repeat(512)}\n`]);
  });

  it('adds further names up under one before the job has too many counters', () => {
    const { lines, counter } = reporter();
    for (let name = 0; name < 100; name += 1) counter('errors', `code ${name}`, 1);
    counter('errors', 'code 0', 5);
    expect(new Set(lines.map((line) => line.split(',')[1])).size).toBe(61);
    expect(lines.filter((line) => line === 'reporter:counter:errors,other,1\n')).toHaveLength(40);
    expect(lines.at(-1)).toBe('reporter:counter:errors,code 0,5\n');
  });
});
