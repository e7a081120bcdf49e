import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { main } from '../../../cli/main.ts';
import { capturedHost } from '../../helpers/captured-host.ts';

async function run(...words: string[]) {
  const host = capturedHost();
  return { code: await main(words, host), stdout: host.stdout.text(), stderr: host.stderr.text() };
}

describe('carillon', () => {
  it('lists its commands', async () => {
    const { code, stdout } = await run('--help');
    expect(code).toBe(0);
    for (const command of ['copy', 'list', 'diff', 'verify', 'run', 'start', 'watch', 'stop', 'store']) expect(stdout).toContain(`carillon ${command}`);
    expect((await run()).stdout).toBe(stdout);
    expect((await run('help')).stdout).toBe(stdout);
  });

  it.each(['copy', 'list', 'diff', 'verify', 'run', 'start', 'watch', 'stop', 'store'])('tells every option of %s, in lines that fit', async (command) => {
    const { code, stdout } = await run(command, '--help');
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^carillon ${command} `));
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    expect((await run('help', command)).stdout).toBe(stdout);
  });

  it('tells its version', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8'));
    expect((await run('--version')).stdout).toBe(`carillon ${version}\n`);
  });

  it.each([
    [['move'], 'carillon: unknown command "move"; known are copy, list, diff, verify, run, start, watch, stop, estimate, access, store\n'],
    [['copy', 's3://a', 's3://b', '--profil', 'x'], 'carillon: unknown option "--profil"; did you mean --profile'],
    [['copy', 's3://a'], 'carillon: s3://DESTINATION/PREFIX is missing; write carillon copy s3://SOURCE/PREFIX s3://DESTINATION/PREFIX\n'],
    [['copy', 'a', 's3://b'], 'carillon: SOURCE is "a"; write s3://bucket or s3://bucket/prefix\n'],
    [['copy', 's3://a', 's3://a'], 'carillon: destination is the source itself; another bucket, prefix or endpoint is needed\n'],
    [['copy', 's3://A_', 's3://b', '--storage-class', 'COLD'], 'copy.storageClass ("COLD") is not allowed; allowed are STANDARD,'],
    [['list', 's3://a', '--json'], 'carillon: --json needs --output: standard output holds the lines\n'],
  ])('refuses %j with exit code 2 before any work', async (words, message) => {
    const { code, stdout, stderr } = await run(...words);
    expect(stderr).toContain(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});
