/** Writes the docs from measurements: `node bench/publish.ts REPORT…` merges reports in their order, the last one wins. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ratesSection } from './rates/rates-section.ts';
import { benchmarksPage } from './report/benchmarks-page.ts';
import { charts } from './report/charts.ts';
import { merged, type PublishedReport } from './report/published.ts';
import type { Report } from './result.ts';

/** Where the docs are. */
export const DOCS_FOLDER = join(import.meta.dirname, '..', 'docs');

async function readJson<T>(path: string): Promise<T | null> {
  const text = await readFile(path, 'utf8').catch(() => null);
  return text === null ? null : (JSON.parse(text) as T);
}

/** Writes page, charts and data. @param report - null: only what else was measured is new */
export async function publish(report: Report | null, docs: string): Promise<void> {
  const folder = join(docs, 'benchmarks');
  await mkdir(folder, { recursive: true });
  const older = await readJson<PublishedReport>(join(folder, 'results.json'));
  const published = report === null ? older : merged(older, report);
  if (published === null) return;
  const drawn = charts(published.results);
  for (const { file, svg } of drawn) await writeFile(join(folder, file), svg);
  await writeFile(join(folder, 'results.json'), `${JSON.stringify(published, null, 1)}\n`);
  await writeFile(join(docs, 'benchmarks.md'), benchmarksPage(published, drawn, await ratesSection(folder)));
}

if (import.meta.main) {
  for (const path of process.argv.slice(2)) await publish(await readJson<Report>(path), DOCS_FOLDER);
}
