/** `make bench`: measures the programs side by side and writes build/bench/report.json. `node bench/run.ts --help` lists the options. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { BenchCase } from './cases/bench-case.ts';
import { compareCases } from './cases/compare-cases.ts';
import { copyCases } from './cases/copy-cases.ts';
import { fidelityCases } from './cases/fidelity-cases.ts';
import { listCases } from './cases/list-cases.ts';
import { startCases } from './cases/start-cases.ts';
import { ceilingLines, measureCeiling } from './ceiling.ts';
import { carillonBefore } from './contenders/carillon.ts';
import { CONTENDERS } from './contenders/contenders.ts';
import { machineLine, thisMachine } from './machine.ts';
import { DOCS_FOLDER, publish } from './publish.ts';
import type { Report, Result } from './result.ts';
import { type Entrant, runCase } from './run-case.ts';
import { resultLine } from './table.ts';

const HELP = `node bench/run.ts [options]
  --only TEXT        cases whose name contains TEXT, such as "list flat"; may be given again
  --contender TEXT   contenders whose name contains TEXT; may be given again
  --before DIRECTORY another checkout of Carillon, built, as one more contender: "carillon before", which is never published
  --runs N           runs of each (3)
  --enough SECONDS   no further run in a case of a contender that took so long in it (30)
  --limit SECONDS    a command is ended after so long (150)
  --processes N      processes that serve the store (2)
  --keys N           keys of a listing (1000000)
  --objects N        objects of a copy (20000)
  --late-objects N   objects of the copy at 50 ms (200000)
  --report FILE      where the results go (build/bench/report.json)
  --publish          write docs/benchmarks.md, its charts and its data from the results; rows that were not measured stay as they are
  --no-ceiling       leave out what the store gives at most
  --keep             keep what the programs wrote, in build/bench
  --cases            list the cases and the contenders that are installed, and measure nothing
`;

/** Sizes of the page. */
const FULL = { keys: '1000000', objects: '20000', 'late-objects': '200000' } as const;

const DIRECTORY = join(import.meta.dirname, '..', 'build', 'bench');

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    contender: { type: 'string', multiple: true, default: [] },
    before: { type: 'string' },
    runs: { type: 'string', default: '3' },
    enough: { type: 'string', default: '30' },
    limit: { type: 'string', default: '150' },
    processes: { type: 'string', default: '2' },
    keys: { type: 'string', default: FULL.keys },
    objects: { type: 'string', default: FULL.objects },
    'late-objects': { type: 'string', default: FULL['late-objects'] },
    report: { type: 'string', default: join(DIRECTORY, 'report.json') },
    publish: { type: 'boolean', default: false },
    'no-ceiling': { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    cases: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function chosen(name: string, parts: readonly string[]): boolean {
  return parts.length === 0 || parts.some((part) => name.includes(part));
}

function chosenCases(): readonly BenchCase[] {
  const all = [
    ...listCases(Number(values.keys)),
    ...copyCases(Number(values.objects), Number(values['late-objects'])),
    ...compareCases(Number(values.keys)),
    ...fidelityCases(),
    ...startCases(),
  ];
  return all.filter(({ name }) => chosen(name, values.only));
}

function entrants(): { readonly installed: readonly Entrant[]; readonly absent: readonly string[] } {
  const contenders = values.before === undefined ? CONTENDERS : [carillonBefore(values.before), ...CONTENDERS];
  const all = contenders.map((contender) => ({ contender, version: contender.version() }));
  const installed = all.flatMap(({ contender, version }) => (version === null || !chosen(contender.name, values.contender) ? [] : [{ contender, version }]));
  return { installed, absent: all.flatMap(({ contender, version }) => (version === null ? [contender.name] : [])) };
}

async function runAll(cases: readonly BenchCase[], installed: readonly Entrant[]): Promise<readonly Result[]> {
  const directory = await mkdtemp(join(DIRECTORY, 'outputs-'));
  const options = {
    runs: Number(values.runs),
    enoughSeconds: Number(values.enough),
    limitSeconds: Number(values.limit),
    processes: Number(values.processes),
    directory,
    keep: values.keep,
  };
  const results: Result[] = [];
  try {
    for (const bench of cases) results.push(...(await runCase(bench, installed, options, (result) => console.log(resultLine(result)))));
    return results;
  } finally {
    if (!values.keep) await rm(directory, { recursive: true, force: true });
  }
}

/** @throws where the page would compare figures of other sizes with its goals */
function checkSizes(): void {
  const other = (['keys', 'objects', 'late-objects'] as const).filter((name) => values[name] !== FULL[name]);
  if (values.publish && other.length > 0)
    throw new Error(`--publish goes with the sizes of the page alone; leave out ${other.map((name) => `--${name}`).join(', ')}`);
}

async function main(): Promise<void> {
  if (values.help) return console.log(HELP);
  checkSizes();
  const [cases, { installed, absent }] = [chosenCases(), entrants()];
  if (values.cases)
    return console.log([...cases.map(({ name }) => name), ...installed.map(({ contender, version }) => `${contender.name} ${version}`)].join('\n'));
  const machine = thisMachine();
  console.log(machineLine(machine));
  if (absent.length > 0) console.log(`not installed: ${absent.join(', ')}`);
  await mkdir(DIRECTORY, { recursive: true });
  const ceiling = values['no-ceiling'] ? null : await measureCeiling(Number(values.processes));
  if (ceiling !== null) console.log(ceilingLines(ceiling).join('\n'));
  const report: Report = { version: 2, machine, results: await runAll(cases, installed), absent, ceiling };
  await writeFile(values.report, `${JSON.stringify(report, null, 2)}\n`);
  if (values.publish) await publish(report, DOCS_FOLDER);
  const ours = report.results.filter(({ contender }) => contender.startsWith('carillon'));
  if (ours.some(({ verdict }) => !verdict.isRight)) process.exitCode = 1;
}

await main();
