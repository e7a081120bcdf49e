import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder } from '../../../../emr-steps/run-directory/make-folder.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'make-folder-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('making a folder', () => {
  it('makes those above it too, and leaves what is there', async () => {
    await makeFolder(join(folder, 'a', 'b', 'c'));
    await writeFile(join(folder, 'a', 'b', 'c', 'kept'), '');
    await makeFolder(join(folder, 'a', 'b', 'c'));
    expect(await readdir(join(folder, 'a', 'b', 'c'))).toEqual(['kept']);
  });

  it('may be done by many at once', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, at) => makeFolder(join(folder, 'a', 'b', String(at % 4)))));
    expect((await readdir(join(folder, 'a', 'b'))).toSorted()).toEqual(['0', '1', '2', '3']);
  });

  it('ends below /proc, where no folder can be made', async () => {
    await expect(makeFolder('/proc/carillon/a/b')).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('fails where a file is in its way', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(makeFolder(join(folder, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(makeFolder(join(folder, 'file', 'a', 'b'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  it.skipIf(process.getuid?.() === 0)('fails where it may not write', async () => {
    await chmod(folder, 0o500);
    await expect(makeFolder(join(folder, 'a', 'b'))).rejects.toMatchObject({ code: 'EACCES' });
    await chmod(folder, 0o700);
  });
});
