/** Diffs two listings by DuckDB under a limit of memory: a process of its own, so that it can be measured. Arguments: source, destination, output, bytes. */
import { join } from 'node:path';
import { runDiff } from '../../infra/local/diff/run-diff.ts';
import { listingPaths } from './listing-paths.ts';

const [source = '', destination = '', output = '', memoryLimitBytes = ''] = process.argv.slice(2);
const input = { source: await listingPaths(source), destination: await listingPaths(destination), output: join(output, 'rows'), extras: true };
const counts = await runDiff(input, { memoryLimitBytes: Number(memoryLimitBytes), spillDirectory: output }, new AbortController().signal);
console.log(JSON.stringify(counts));
