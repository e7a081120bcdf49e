import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  /** It came inside of another package, whose digest covers it. */
  readonly inBundle?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { readonly packages: Readonly<Record<string, LockedPackage>> };
const packages = Object.entries(lock.packages).filter(([path]) => path !== '');

describe('the lock file', () => {
  it('holds the packages of every platform, without which npm ci refuses a fresh clone', () => {
    const installed = new Set(packages.map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)));
    const wanted = packages.flatMap(([path, { optionalDependencies = {} }]) => Object.keys(optionalDependencies).map((name) => ({ path, name })));
    expect(wanted.length).toBeGreaterThan(20);
    expect(wanted.filter(({ name }) => !installed.has(name))).toEqual([]);
  });

  it('names the digest of every package and no place to get it from', () => {
    expect(packages.filter(([, { integrity, inBundle }]) => inBundle !== true && !integrity?.startsWith('sha512-')).map(([path]) => path)).toEqual([]);
    expect(packages.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  });

  it("pins the project's own Node 24 for both architectures", () => {
    for (const architecture of ['x64', 'arm64']) expect(lock.packages[`node_modules/node-linux-${architecture}`]?.version).toMatch(/^24\./);
  });
});
