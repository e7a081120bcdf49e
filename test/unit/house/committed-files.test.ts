import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const files = execFileSync('git', ['ls-files', '-z'], { encoding: 'utf8' })
  .split('\0')
  .filter((file) => file !== '');

/** Folders of one machine, at the start of a path: none of them stands in a program that runs elsewhere. */
const MACHINE_PATH = /(?<![\w./$~{}-])\/(work|root|farm|home|Users)\/[A-Za-z0-9]/;
/** A registry's address, or one of its names. */
const REGISTRY_HOST = /https?:\/\/[a-z0-9.:-]*(registry|artifactory|nexus|verdaccio|npm-proxy)[a-z0-9.:-]*/i;

function linesWith(pattern: RegExp, among: readonly string[]): readonly string[] {
  return among.flatMap((file) => {
    const text = readFileSync(file, 'latin1');
    return text.split('\n').flatMap((line, at) => (pattern.test(line) ? [`${file}:${at + 1}: ${line.trim().slice(0, 120)}`] : []));
  });
}

describe('the committed files', () => {
  it('name no folder of one machine', () => {
    expect(linesWith(MACHINE_PATH, files)).toEqual([]);
  });

  it('name no registry, the lock file least of all', () => {
    expect(linesWith(REGISTRY_HOST, files)).toEqual([]);
    expect(linesWith(/"resolved"/, ['package-lock.json'])).toEqual([]);
  });

  it('would be found out: the patterns match what they are for', () => {
    const [place, host] = [['', 'home', 'ann'].join('/'), ['https:', '', 'registry.example'].join('/')];
    expect(MACHINE_PATH.test(`const folder = '${place}';`)).toBe(true);
    expect(MACHINE_PATH.test(`below ~/.local or s3://bucket${place}`)).toBe(false);
    expect(REGISTRY_HOST.test(`"resolved": "${host}/zod/-/zod-4.6.7.tgz"`)).toBe(true);
  });
});
