/** A run's directory on files. */
import { createReadStream } from 'node:fs';
import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { makeFolder } from './make-folder.ts';
import { checkedPath, type RunDirectory, type RunFile, RunFileMissingError } from './run-directory.ts';

let writes = 0;

/** The directory at `base`; it is made by the first write. */
export function fileRunDirectory(base: string): RunDirectory {
  const root = resolve(base);
  const locate = (path: string) => join(root, checkedPath(path));
  return {
    base: root,
    locate,
    read: (path) => readFile(locate(path)).catch(nullWhereMissing),
    write: (path, bytes) => replaceFile(locate(path), bytes),
    list: (folder) => listFiles(root, checkedPath(folder)),
    openRead: (path) => openFile(locate(path)),
  };
}

function nullWhereMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
  throw error;
}

/** Writes beside the file and renames, so that no reader sees a part; the name begins with a dot, which no reader lists. */
async function replaceFile(file: string, bytes: Uint8Array | string): Promise<void> {
  writes += 1;
  const temporary = join(dirname(file), `.${process.pid}-${writes}.tmp`);
  try {
    await writeFile(temporary, bytes).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      await makeFolder(dirname(file));
      await writeFile(temporary, bytes);
    });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Depth first, dot files left out; a file that vanishes meanwhile (a temporary one of another process) is left out too. */
async function listFiles(root: string, folder: string): Promise<readonly RunFile[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(nullWhereMissing);
  const files: RunFile[] = [];
  for (const entry of (entries ?? []).filter((one) => !one.name.startsWith('.'))) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) files.push(...(await listFiles(root, path)));
    else {
      const facts = await stat(join(root, path)).catch(nullWhereMissing);
      if (facts !== null) files.push({ path, size: facts.size });
    }
  }
  return files.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
}

async function* openFile(file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(file);
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? new RunFileMissingError(file) : error;
  }
}
