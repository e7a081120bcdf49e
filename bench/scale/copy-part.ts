/** The copy: whole runs of the command on virtual objects, their books, what the store counted, and what was estimated. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reviewEstimate } from '../../workflows/estimate/compare-estimate.ts';
import type { RunEstimate } from '../../workflows/estimate/estimate-run.ts';
import type { RunSummary } from '../../workflows/events/run-output.ts';
import { CREDENTIALS, REGION, type ServedStore, serveStore } from '../served-store.ts';
import { costs, counted, measuredLine, type ScaleFacts, type ScalePlace } from './scale-place.ts';

const COMMAND = join(import.meta.dirname, '..', '..', 'cli', 'bin', 'carillon');
/** What the estimate may be off by. */
const MOST_DEVIATION = 0.02;
/** Parts of a virtual multipart object are two to five, evenly. */
const MEAN_PARTS = 3.5;

const RUNS = 'runs';

interface Copied {
  readonly wall: Awaited<ReturnType<typeof measuredLine>>['measurement'];
  readonly summary: RunSummary;
}

async function copy(folder: string, { endpoint }: ServedStore): Promise<Copied> {
  const env = { AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId, AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey };
  const line = `exec ${COMMAND} copy s3://source s3://destination --endpoint-url ${endpoint} --region ${REGION} --run-dir ${join(folder, RUNS)} --quiet`;
  const { measurement } = await measuredLine(folder, line, env);
  const [id = ''] = await readdir(join(folder, RUNS));
  return { wall: measurement, summary: JSON.parse(await readFile(join(folder, RUNS, id, 'summary.json'), 'utf8')) as RunSummary };
}

/** Beforehand, from the numbers alone. */
async function estimate(folder: string, objects: number, { multipart }: ScalePlace): Promise<RunEstimate> {
  const request = join(folder, 'request.json');
  await writeFile(request, '{"source":{"bucket":"source"},"destination":{"bucket":"destination"}}');
  const uploads = Math.round(objects * multipart);
  const words = `--objects ${objects} --multipart-objects ${uploads} --parts ${Math.round(uploads * MEAN_PARTS)} --mappers 1 --json`;
  return JSON.parse((await measuredLine(join(folder, 'estimate'), `exec ${COMMAND} estimate ${request} ${words}`, {})).output) as RunEstimate;
}

/** Copies, and holds books, ETags and requests against what they must be. */
export async function copyPart(objects: number, place: ScalePlace): Promise<ScaleFacts> {
  const settings = `${place.shape}:${objects},multipart=${place.multipart}`;
  const estimated = await estimate(place.folder, objects, place);
  const store = await serveStore({
    virtual: [`${settings},name=source`, `sink:${settings},name=destination`],
    latencyMilliseconds: 0,
    processes: place.processes,
  });
  try {
    const { wall, summary } = await copy(place.folder, store);
    const [sink, requests] = [await store.sink('destination'), await store.requests()];
    const { total } = reviewEstimate(estimated.requests, requests);
    const isBalanced = summary.books?.balanced === true && summary.books.outcomes.copied.objects === objects;
    const isForeseen = total.deviation !== null && Math.abs(total.deviation) <= MOST_DEVIATION;
    const copySeconds = Object.entries(summary.steps).reduce((sum, [name, seconds]) => (name.startsWith('copy-objects') ? sum + seconds : sum), 0);
    return {
      isRight: isBalanced && sink.exact === objects && isForeseen,
      facts: [
        ['objects', `${counted(objects)}, ${counted(objects * place.multipart)} of them about in parts`],
        ...costs(wall),
        ['the copy step', `${copySeconds.toFixed(0)} s, ${counted(objects / copySeconds)} objects a second`],
        ['CPU for 10,000 objects', `${(((wall.user + wall.system) / objects) * 10_000).toFixed(2)} s`],
        ['books', `${counted(summary.books?.outcomes.copied.objects ?? 0)} copied, ${isBalanced ? 'balanced' : 'not balanced'}`],
        ['arrived with their ETag, as the store counts', counted(sink.exact)],
        ['requests, estimated', counted(total.estimated)],
        ['requests, as the store counts', `${counted(total.actual)}, ${((total.deviation ?? 0) * 100).toFixed(2)} % from the estimate`],
        ...Object.entries(summary.steps).map(([name, seconds]) => [`step ${name}`, `${seconds.toFixed(1)} s`] as const),
      ],
    };
  } finally {
    await store.close();
  }
}
