/** Runs one case with every contender in turn, several times, each time against a store that was just started. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchCase, CaseCall, Outcome } from './cases/bench-case.ts';
import type { Contender, Site } from './contenders/contender.ts';
import { type Measurement, measure } from './measure.ts';
import { type Result, type Run, resultOf, type Verdict, wrong } from './result.ts';
import { CREDENTIALS, REGION, serveStore } from './served-store.ts';

/** How to run cases. */
export interface RunOptions {
  readonly runs: number;
  /** A contender that took so many seconds in a case is not run there again. */
  readonly enoughSeconds: number;
  /** Seconds after which a command is ended. */
  readonly limitSeconds: number;
  /** Processes that serve the store. */
  readonly processes: number;
  /** Where outputs go; a directory of its own for each run. */
  readonly directory: string;
  /** Whether outputs stay; a listing of 10 million keys has a gigabyte. */
  readonly keep: boolean;
}

/** A contender with its version. */
export interface Entrant {
  readonly contender: Contender;
  readonly version: string;
}

interface DoneRun {
  readonly run: Run;
  readonly command: string;
}

/** What arrived counts whatever the command says of itself, but one that says that it failed is not right. */
async function verdictOf(call: CaseCall, measurement: Measurement, outcome: Outcome, limitSeconds: number): Promise<Verdict> {
  const { exitCode, cutOff } = measurement;
  const isWell = exitCode === 0 || (call.exitCodes ?? []).includes(exitCode);
  const arrived = await call.verdict(outcome).catch((error: unknown) => wrong(`its output cannot be read: ${error instanceof Error ? error.message : error}`));
  if (cutOff) return { ...arrived, isRight: false, text: `ended after ${limitSeconds} s: ${arrived.text}` };
  return isWell ? arrived : { ...arrived, isRight: false, text: `exit code ${exitCode}: ${arrived.text}` };
}

async function runOnce(bench: BenchCase, contender: Contender, options: RunOptions, run: number): Promise<DoneRun | null> {
  const { virtual, stored = null, latencyMilliseconds, inFlight = null, keySpace = null, source, destination } = bench;
  const directory = join(options.directory, `${bench.name} ${contender.name} ${run}`.replaceAll(/[^a-z0-9]+/gi, '-'));
  await mkdir(directory, { recursive: true });
  const store = await serveStore({ virtual, stored, latencyMilliseconds, processes: options.processes });
  try {
    const site: Site = { endpoint: store.endpoint, region: REGION, source, destination, credentials: CREDENTIALS, directory, inFlight, keySpace };
    const call = bench.call(contender, site);
    if (call === null) return null;
    const output = join(directory, 'output');
    const measurement = await measure({ ...call, output, limitSeconds: options.limitSeconds });
    const requests = await store.requests();
    const verdict = await verdictOf(call, measurement, { output, site, store, requests }, options.limitSeconds);
    return { run: { ...measurement, requests, verdict }, command: shown(call.line, store.endpoint, directory) };
  } finally {
    await store.close();
    if (!options.keep) await rm(directory, { recursive: true, force: true });
  }
}

/** A command line as the report has it. */
function shown(line: string, endpoint: string, directory: string): string {
  const root = join(import.meta.dirname, '..');
  return line
    .replaceAll(endpoint, 'http://127.0.0.1:PORT')
    .replaceAll(directory, '$DIR')
    .replaceAll(`${root}/`, '')
    .replaceAll(/\S*\/bin\/node\b/g, 'node');
}

/** The results of all contenders that can do it, in their order; `tell` hears of each once it is whole. */
export async function runCase(bench: BenchCase, entrants: readonly Entrant[], options: RunOptions, tell: (result: Result) => void): Promise<readonly Result[]> {
  const done = new Map<Entrant, DoneRun[]>();
  const spent = (runs: readonly DoneRun[]) => runs.reduce((sum, { run }) => sum + run.wall, 0);
  for (let run = 1; run <= options.runs; run += 1) {
    for (const entrant of entrants) {
      const runs = done.get(entrant) ?? [];
      if (run > runs.length + 1 || spent(runs) > options.enoughSeconds) continue;
      const one = await runOnce(bench, entrant.contender, options, run);
      if (one !== null) done.set(entrant, [...runs, one]);
    }
  }
  const results = [...done].map(([{ contender, version }, runs]) => {
    const command = runs.at(-1)?.command ?? '';
    return resultOf(
      { case: bench.name, contender: contender.name, version, command },
      runs.map((one) => one.run),
    );
  });
  for (const result of results) tell(result);
  return results;
}
