/**
 * `make bench-scale`: lists a billion virtual keys through the local cluster, diffs two listings of a hundred million rows, copies ten million
 * objects. Each part has its size; without any, all run at their full size. `node bench/scale/scale.ts --help`
 */
import { mkdir, mkdtemp, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isShapeName } from '../../infra/local/s3-store/virtual/shape-names.ts';
import { machineLine, thisMachine } from '../machine.ts';
import { copyPart } from './copy-part.ts';
import { diffPart } from './diff-part.ts';
import { listPart } from './list-part.ts';
import { publishScale, type ScaleReport, type ScaleResult } from './scale-page.ts';
import type { ScalePlace } from './scale-place.ts';

const HELP = `node bench/scale/scale.ts [options]
  --list N        list so many keys through the local cluster, compressed (full size 1000000000)
  --diff N        diff two listings of so many rows under 4 GB (full size 100000000)
  --copy N        copy so many objects with balanced books (full size 10000000)
  --shape NAME    key space of the listing and the copy (flat)
  --multipart S   share of multipart objects of the copy (0.001)
  --processes N   processes that serve the store (2)
  --tasks N       mappers that list at once (3)
  --folder DIR    where rows lie meanwhile (build/bench)
  --publish       write docs/scale.md from the results; those that were not measured stay
`;

const FULL = { list: '1000000000', diff: '100000000', copy: '10000000' } as const;
const DIRECTORY = join(import.meta.dirname, '..', '..', 'build', 'bench');
/** Bytes of disk for each key: a line is some 110 bytes, a third of that compressed; a diff needs both listings, and room to sort them. */
const DISK_PER_KEY = { list: 48, diff: 500, copy: 700 } as const;

const { values } = parseArgs({
  options: {
    list: { type: 'string' },
    diff: { type: 'string' },
    copy: { type: 'string' },
    shape: { type: 'string', default: 'flat' },
    multipart: { type: 'string', default: '0.001' },
    processes: { type: 'string', default: '2' },
    tasks: { type: 'string', default: '3' },
    folder: { type: 'string', default: DIRECTORY },
    publish: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const PARTS = { list: listPart, diff: diffPart, copy: copyPart } as const;
type Part = keyof typeof PARTS;

/** Those that were asked for; all of them where none was. */
function sizes(): readonly (readonly [Part, number])[] {
  const isAnyAsked = (Object.keys(PARTS) as Part[]).some((part) => values[part] !== undefined);
  return (Object.keys(PARTS) as Part[]).flatMap((part) => {
    const text = values[part] ?? (isAnyAsked ? undefined : FULL[part]);
    return text === undefined ? [] : [[part, Number(text)] as const];
  });
}

/** @throws where the disk has not the room */
async function checkDisk(folder: string, part: Part, size: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const [free, needed] = [bavail * bsize, size * DISK_PER_KEY[part]];
  if (free < needed)
    throw new Error(`--${part} ${size} needs ${gigabytes(needed)} of disk, ${folder} has ${gigabytes(free)} free; give another --folder or a smaller size`);
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

async function runPart(part: Part, size: number): Promise<ScaleResult> {
  await checkDisk(values.folder, part, size);
  if (!isShapeName(values.shape)) throw new Error(`--shape ${values.shape} is no shape`);
  const folder = await mkdtemp(join(values.folder, `scale-${part}-`));
  const place: ScalePlace = {
    folder,
    shape: values.shape,
    multipart: Number(values.multipart),
    processes: Number(values.processes),
    tasks: Number(values.tasks),
  };
  const load = loadavg()[0] ?? 0;
  try {
    const facts = await PARTS[part](size, place);
    return { part, size, command: `node bench/scale/scale.ts --${part} ${size}`, load, machine: thisMachine(), ...facts };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  if (values.help) return console.log(HELP);
  await mkdir(values.folder, { recursive: true });
  console.log(machineLine(thisMachine()));
  const file = join(DIRECTORY, 'scale.json');
  const older = await readFile(file, 'utf8').then(
    (text) => JSON.parse(text) as ScaleReport,
    () => null,
  );
  const results: ScaleResult[] = [];
  for (const [part, size] of sizes()) {
    const result = await runPart(part, size);
    results.push(result);
    console.log(JSON.stringify(result, null, 2));
    await writeFile(file, `${JSON.stringify({ version: 1, results: [...(older?.results ?? []), ...results] }, null, 2)}\n`);
  }
  if (values.publish) await publishScale(results);
  if (results.some(({ isRight }) => !isRight)) process.exitCode = 1;
}

await main();
