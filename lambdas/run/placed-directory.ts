/**
 * A run whose rows lie elsewhere than its home, because its request says so: files at the top of its directory (the request, plans, books) stay
 * at home, where everybody finds them who sees the execution; what lies in folders is read and written at the place of the rows.
 */
import type { RunDirectory } from '../../emr-steps/run-directory/run-directory.ts';

/** At home: where the rows lie. */
const ELSEWHERE_FILE = 'elsewhere.json';
/** With the rows: where the home is, for people who come upon them. */
const HOME_FILE = 'home.json';

/** Opens a directory by its URL. */
export type OpenDirectory = (base: string) => RunDirectory;

/** The directory of a run, wherever its rows lie; that is looked up when a folder is first asked for. */
export function placedDirectory(home: RunDirectory, open: OpenDirectory): RunDirectory {
  let known: RunDirectory | null = null;
  let looking: Promise<RunDirectory> | null = null;
  const look = async (): Promise<RunDirectory> => {
    const bytes = await home.read(ELSEWHERE_FILE);
    known = bytes === null ? home : open((JSON.parse(Buffer.from(bytes).toString('utf8')) as { readonly rows: string }).rows);
    return known;
  };
  const placeOf = async (path: string): Promise<RunDirectory> => {
    if (isAtTop(path)) return home;
    looking ??= look();
    return await looking;
  };
  return {
    base: home.base,
    locate: (path) => (isAtTop(path) ? home : (known ?? home)).locate(path),
    read: async (path) => (await placeOf(path)).read(path),
    write: async (path, bytes) => (await placeOf(path)).write(path, bytes),
    list: async (folder) => (await placeOf(`${folder}/`)).list(folder),
    openRead: async function* (path) {
      yield* (await placeOf(path)).openRead(path);
    },
  };
}

/** Has the rows of a run lie elsewhere, and proves that they can. @returns the directory of the run @throws what writing there throws */
export async function placeElsewhere(home: RunDirectory, rows: string, open: OpenDirectory): Promise<RunDirectory> {
  await open(rows).write(HOME_FILE, `${JSON.stringify({ home: home.base })}\n`);
  await home.write(ELSEWHERE_FILE, `${JSON.stringify({ rows })}\n`);
  return placedDirectory(home, open);
}

function isAtTop(path: string): boolean {
  return !path.includes('/');
}
