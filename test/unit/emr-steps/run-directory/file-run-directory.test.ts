import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileRunDirectory } from '../../../../emr-steps/run-directory/file-run-directory.ts';
import { isFinished, readSmallOutput, rowsBytes, SMALL_OUTPUT_BYTES } from '../../../../emr-steps/run-directory/step-output.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'run-directory-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts).toString();
}

describe('a run directory on files', () => {
  it('reads back what it wrote, whole and as a stream', async () => {
    const directory = fileRunDirectory(join(folder, 'runs', 'a'));
    await directory.write('rounds/1/tasks/try-1/part-00000', 'a\tb\n');
    expect(Buffer.from((await directory.read('rounds/1/tasks/try-1/part-00000')) ?? []).toString()).toBe('a\tb\n');
    expect(await textOf(directory.openRead('rounds/1/tasks/try-1/part-00000'))).toBe('a\tb\n');
  });

  it('answers null for a file that is not there, and throws only when it is opened', async () => {
    const directory = fileRunDirectory(folder);
    expect(await directory.read('plan-1.json')).toBeNull();
    await expect(textOf(directory.openRead('plan-1.json'))).rejects.toMatchObject({ code: 'RUN_FILE_MISSING', retryable: false });
  });

  it('lists every file below a folder in byte order and none of an absent folder', async () => {
    const directory = fileRunDirectory(folder);
    for (const path of ['o/try-1/part-\uffee', 'o/try-1/part-\u{1f600}', 'o/a', 'p/x']) await directory.write(path, path);
    expect((await directory.list('o')).map((file) => file.path)).toEqual(['o/a', 'o/try-1/part-\uffee', 'o/try-1/part-\u{1f600}']);
    expect((await directory.list('o'))[0]?.size).toBe(3);
    expect(await directory.list('nowhere')).toEqual([]);
  });

  it('replaces a file and leaves nothing else behind', async () => {
    const directory = fileRunDirectory(folder);
    await Promise.all(Array.from({ length: 20 }, (_, at) => directory.write('summary.json', `{"at":${at}}`)));
    expect(await readdir(folder)).toEqual(['summary.json']);
    expect(JSON.parse(Buffer.from((await directory.read('summary.json')) ?? []).toString())).toHaveProperty('at');
  });

  it('leaves no temporary file behind when the write fails', async () => {
    const directory = fileRunDirectory(folder);
    await directory.write('taken/inside', 'x');
    await expect(directory.write('taken', 'y')).rejects.toThrow();
    expect(await readdir(folder)).toEqual(['taken']);
  });

  it.each(['../outside', 'a//b', './a', 'a/', ''])('refuses %j, which is no path inside it', (path) => {
    expect(() => fileRunDirectory(folder).locate(path)).toThrow('is no path inside the run directory');
  });
});

describe('the output of a step', () => {
  it('is read only where its try has finished', async () => {
    const directory = fileRunDirectory(folder);
    await directory.write('settled/try-1/part-00000', 'copied\t\\N\t1\t2\n');
    expect(await isFinished(directory, 'settled/try-1')).toBe(false);
    await expect(readSmallOutput(directory, 'settled/try-1')).rejects.toMatchObject({ code: 'STEP_OUTPUT_UNREADABLE' });
    await directory.write('settled/try-1/_SUCCESS', '');
    expect(await readSmallOutput(directory, 'settled/try-1')).toEqual(['copied\t\\N\t1\t2']);
  });

  it('is the lines of every part, without marks, checksums and temporary files', async () => {
    const directory = fileRunDirectory(folder);
    for (const [name, text] of [
      ['part-00001', 'c\n'],
      ['part-00000', 'a\nb\n'],
      ['_SUCCESS', ''],
      ['.part-00000.crc', 'no'],
    ] as const)
      await directory.write(`o/${name}`, text);
    expect(await readSmallOutput(directory, 'o')).toEqual(['a', 'b', 'c']);
    expect(await rowsBytes(directory, 'o')).toBe(6);
  });

  it('is refused where it is too large to be counts', async () => {
    const directory = fileRunDirectory(folder);
    await directory.write('o/_SUCCESS', '');
    await writeFile(join(folder, 'o', 'part-00000'), Buffer.alloc(SMALL_OUTPUT_BYTES + 1, 0x61));
    await expect(readSmallOutput(directory, 'o')).rejects.toThrow('at most 4194304 are read here');
  });
});
