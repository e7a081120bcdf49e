/** Carillon's own programs: the bundles on the project's Node, as Hadoop runs them, and the command. */
import { existsSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { BEFORE } from '../result.ts';
import type { Call, Contender, Site } from './contender.ts';
import { linesIn } from './count-lines.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const NODE = process.execPath;

function environment({ credentials, directory }: Site, root: string): Readonly<Record<string, string>> {
  return {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    LC_ALL: 'C',
    HOME: directory,
    XDG_STATE_HOME: directory,
    // Compiled code is kept from run to run, as between starts of the command.
    NODE_COMPILE_CACHE: join(root, 'build', 'bench', 'compiled'),
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
}

/** As a node of the cluster starts it. */
function program(name: string, options: string): string {
  return `${join(ROOT, 'build', 'node', 'run.sh')} ${join(ROOT, 'build', 'steps', `${name}.js`)} ${options}`;
}

function side(name: string, bucket: string, { endpoint, region }: Site): string {
  return `--${name}bucket ${bucket} --${name}region ${region} --${name}endpoint-url ${endpoint}`;
}

function twoSides(site: Site): string {
  return `${side('source-', site.source, site)} ${side('destination-', site.destination, site)}`;
}

function call(site: Site, line: string, root = ROOT): Call {
  return { line, cwd: site.directory, env: environment(site, root) };
}

const ESCAPED = /%([0-9A-F]{2})/g;

/** The key in column 1 of a record, percent-encoded where it must be. */
function keyOfRecord(line: Buffer): Buffer | null {
  const tab = line.indexOf(9);
  if (tab < 0) return null;
  const column = line.subarray(0, tab);
  if (!column.includes(37)) return column;
  return Buffer.from(
    column.toString('latin1').replace(ESCAPED, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16))),
    'latin1',
  );
}

/** The version of a checkout that has the bundle; null where it has none. */
function versionWith(bundle: string, root: string): string | null {
  if (!existsSync(join(root, 'build', bundle))) return null;
  return (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;
}

/** The programs in a shell, joined by pipes as Campanile's are. */
export const carillonPrograms: Contender = {
  name: 'carillon programs',
  version: () => versionWith('steps/list-objects.js', ROOT),
  isSerial: false,
  list: (site) => ({ ...call(site, `echo , | ${program('list-objects', side('', site.source, site))}`), listed: { kind: 'lines', keyOf: keyOfRecord } }),
  copy: (site) => {
    const concurrency = site.inFlight === null ? '' : ` --concurrency ${site.inFlight}`;
    const steps = [
      program('list-objects', side('', site.source, site)),
      program('plan-parts', twoSides(site)),
      program('copy-objects', `${twoSides(site)}${concurrency}`),
      program('complete-uploads', twoSides(site)),
    ];
    return call(site, `echo , | ${steps.join(' | ')}`);
  },
  compare: null,
  help: null,
};

/** Seconds of the copy steps of the one run below the site's directory, as its summary tells; null where there is none. */
async function copySeconds(directory: string): Promise<number | null> {
  const runs = join(directory, 'carillon', 'runs');
  const [id] = await readdir(runs).catch(() => []);
  if (id === undefined) return null;
  const { steps } = JSON.parse(await readFile(join(runs, id, 'summary.json'), 'utf8')) as { steps: Record<string, number> };
  const seconds = Object.entries(steps).flatMap(([name, each]) => (name.startsWith('copy-objects') ? [each] : []));
  return seconds.length === 0 ? null : seconds.reduce((a, b) => a + b);
}

function commandOf(root: string, name: string): Contender {
  const command = join(root, 'cli', 'bin', 'carillon');
  const run = (site: Site, line: string): Call => call(site, `${command} ${line}`, root);
  const reached = ({ endpoint, region }: Site): string => `--endpoint-url ${endpoint} --region ${region}`;
  return {
    name,
    version: () => versionWith('cli/carillon.js', root),
    isSerial: false,
    list: (site) => ({ ...run(site, `list s3://${site.source} ${reached(site)}`), listed: { kind: 'lines', keyOf: keyOfRecord } }),
    copy: (site) => ({
      ...run(site, `copy s3://${site.source} s3://${site.destination} ${reached(site)} --quiet`),
      copySeconds: () => copySeconds(site.directory),
    }),
    compare: (site) => ({
      ...run(site, `diff s3://${site.source} s3://${site.destination} ${reached(site)} --quiet`),
      differences: (output) => linesIn(output),
    }),
    help: (site) => run(site, '--help'),
  };
}

/** The command: whole runs with their run directory, books and reconcile step. */
export const carillonCommand: Contender = commandOf(ROOT, 'carillon');

/**
 * The command of another checkout of Carillon: what a change costs beside what was before it.
 *
 * @throws Error where the checkout was not built
 */
export function carillonBefore(checkout: string): Contender {
  const before = commandOf(resolve(checkout), BEFORE);
  if (before.version() === null) throw new Error(`${checkout} holds no built checkout of Carillon; run: make -C ${checkout} build`);
  return before;
}

/** Node alone: the floor of starting. */
export const bareNode: Contender = {
  name: 'node -e 0',
  version: () => process.version.slice(1),
  isSerial: true,
  list: null,
  copy: null,
  compare: null,
  help: (site) => call(site, `${NODE} -e 0`),
};
