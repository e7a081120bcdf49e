/** Runs one case with one contender, several times, each time against a store that was just started. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchCase } from './cases/bench-case.ts';
import type { Contender, Site } from './contenders/contender.ts';
import { measure } from './measure.ts';
import { type Result, type Run, resultOf } from './result.ts';
import { CREDENTIALS, REGION, serveStore } from './served-store.ts';

/** How to run cases. */
export interface RunOptions {
  readonly runs: number;
  /** Processes that serve the store. */
  readonly processes: number;
  /** Where outputs go; a directory of its own for each run. */
  readonly directory: string;
  /** Whether outputs stay; a listing of 10 million keys has a gigabyte. */
  readonly keep: boolean;
}

async function runOnce(
  bench: BenchCase,
  contender: Contender,
  options: RunOptions,
  run: number,
): Promise<{ readonly run: Run; readonly command: string } | null> {
  const store = await serveStore({ virtual: bench.virtual, latencyMilliseconds: bench.latencyMilliseconds, processes: options.processes });
  try {
    const directory = join(options.directory, `${bench.name} ${contender.name} ${run}`.replaceAll(/[^a-z0-9]+/gi, '-'));
    await mkdir(directory, { recursive: true });
    const site: Site = { endpoint: store.endpoint, region: REGION, source: bench.source, destination: bench.destination, credentials: CREDENTIALS, directory };
    const call = bench.call(contender, site);
    if (call === null) return null;
    const output = join(directory, 'output');
    const measurement = await measure({ ...call, output });
    const requests = await store.requests();
    const verdict = measurement.exitCode === 0 ? await bench.verdict(output, call, store, requests) : `exit code ${measurement.exitCode}`;
    if (!options.keep) await rm(directory, { recursive: true, force: true });
    return { run: { ...measurement, requests, verdict }, command: call.line.replaceAll(store.endpoint, 'http://127.0.0.1:PORT') };
  } finally {
    await store.close();
  }
}

/** The result of a contender in a case; null where it cannot do it. */
export async function runCase(bench: BenchCase, contender: Contender, version: string, options: RunOptions): Promise<Result | null> {
  const runs: Run[] = [];
  let command = '';
  for (let run = 1; run <= options.runs; run += 1) {
    const done = await runOnce(bench, contender, options, run);
    if (done === null) return null;
    runs.push(done.run);
    command = done.command;
  }
  return resultOf({ case: bench.name, contender: contender.name, version, command }, runs);
}
