/** `make bench`: measures the programs side by side and writes build/bench/report.json. `node bench/run.ts --help` lists the options. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { BenchCase } from './cases/bench-case.ts';
import { copyCases } from './cases/copy-cases.ts';
import { listCases } from './cases/list-cases.ts';
import { carillonCommand, carillonPrograms } from './contenders/carillon.ts';
import type { Contender } from './contenders/contender.ts';
import { thisMachine } from './machine.ts';
import type { Report, Result } from './result.ts';
import { runCase } from './run-case.ts';
import { resultLine } from './table.ts';

const HELP = `node bench/run.ts [options]
  --only TEXT        cases whose name contains TEXT, such as "list flat"; may be given again
  --contender TEXT   contenders whose name contains TEXT; may be given again
  --runs N           runs of each (3)
  --processes N      processes that serve the store (2)
  --keys N           keys of a listing (1000000)
  --objects N        objects of a copy (20000)
  --report FILE      where the results go (build/bench/report.json)
  --keep             keep what the programs wrote, in build/bench
`;

const CONTENDERS: readonly Contender[] = [carillonPrograms, carillonCommand];
const DIRECTORY = join(import.meta.dirname, '..', 'build', 'bench');

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    contender: { type: 'string', multiple: true, default: [] },
    runs: { type: 'string', default: '3' },
    processes: { type: 'string', default: '2' },
    keys: { type: 'string', default: '1000000' },
    objects: { type: 'string', default: '20000' },
    report: { type: 'string', default: join(DIRECTORY, 'report.json') },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function chosen(name: string, parts: readonly string[]): boolean {
  return parts.length === 0 || parts.some((part) => name.includes(part));
}

async function runAll(cases: readonly BenchCase[], contenders: readonly Contender[], directory: string): Promise<readonly Result[]> {
  const options = { runs: Number(values.runs), processes: Number(values.processes), directory, keep: values.keep };
  const results: Result[] = [];
  for (const bench of cases) {
    for (const contender of contenders) {
      const result = await runCase(bench, contender, contender.version() ?? '', options);
      if (result === null) continue;
      results.push(result);
      console.log(resultLine(result));
    }
  }
  return results;
}

async function main(): Promise<void> {
  if (values.help) return console.log(HELP);
  const machine = thisMachine();
  await mkdir(DIRECTORY, { recursive: true });
  const outputs = await mkdtemp(join(DIRECTORY, 'outputs-'));
  const cases = [...listCases(Number(values.keys)), ...copyCases(Number(values.objects))].filter(({ name }) => chosen(name, values.only));
  const installed = CONTENDERS.filter((contender) => chosen(contender.name, values.contender) && contender.version() !== null);
  const absent = CONTENDERS.filter((contender) => contender.version() === null).map(({ name }) => name);
  console.log(
    `${machine.processor}, ${machine.cores} cores, ${machine.system}, Node ${machine.node}, commit ${machine.commit}, load ${machine.load.toFixed(2)}`,
  );
  if (absent.length > 0) console.log(`not installed: ${absent.join(', ')}`);
  const report: Report = { version: 1, machine, results: await runAll(cases, installed, outputs), absent };
  await writeFile(values.report, `${JSON.stringify(report, null, 2)}\n`);
  if (!values.keep) await rm(outputs, { recursive: true, force: true });
  if (report.results.some(({ verdict }) => verdict !== 'right')) process.exitCode = 1;
}

await main();
