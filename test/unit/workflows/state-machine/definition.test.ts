import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { definitionOf, MACHINES } from '../../../../workflows/state-machine/definition.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'carillon-definition-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

describe('a definition', () => {
  it.each(['TMPDIR', 'CDK_OUTDIR'])('is made without an assembly of its own, in %s or at the end of the process', (variable) => {
    vi.stubEnv(variable, folder);
    const before = process.listenerCount('beforeExit');
    for (const source of Object.values(MACHINES)) definitionOf(source);
    expect({ synthesises: process.listenerCount('beforeExit') - before, left: readdirSync(folder) }).toEqual({ synthesises: 0, left: [] });
  });
});
