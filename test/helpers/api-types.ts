/** Judges literals by the types of the vendor's SDK, with the project's own compiler. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

/** A literal that must be of a type. */
export interface Claim {
  readonly name: string;
  /** An expression over `emr`, `athena`, `lambda`, `sfn` and `Pascal`. */
  readonly type: string;
  readonly value: unknown;
}

const ROOT = resolve(import.meta.dirname, '../..');

const HEADER = `import type * as athena from '@aws-sdk/client-athena';
import type * as emr from '@aws-sdk/client-emr';
import type * as lambda from '@aws-sdk/client-lambda';
import type * as sfn from '@aws-sdk/client-sfn';
export type Pascal<T> = { [K in keyof T as Capitalize<K & string>]: T[K] };
export type Used = [athena.Row, emr.Step, lambda.Layer, sfn.Tag];
`;

const OPTIONS = { target: 'ES2024', module: 'NodeNext', strict: true, skipLibCheck: true, noEmit: true, types: [], erasableSyntaxOnly: true };

/** Names of the claims that do not hold, with what the compiler says. A literal is fresh, so a member too much is an error too. */
export async function brokenClaims(claims: readonly Claim[]): Promise<ReadonlyMap<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'carillon-types-'));
  try {
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: OPTIONS, files: ['claims.ts'] }));
    await writeFile(
      join(folder, 'claims.ts'),
      HEADER + claims.map(({ type, value }, at) => `export const c${at}: ${type} = ${JSON.stringify(value)};\n`).join(''),
    );
    return errorsOf(claims, await compiled(folder));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function compiled(folder: string): Promise<string> {
  const arguments_ = [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', folder, '--pretty', 'false'];
  return await promisify(execFile)(process.execPath, arguments_, { maxBuffer: 64 * 1024 * 1024 }).then(
    ({ stdout }) => stdout,
    ({ stdout }: { readonly stdout: string }) => stdout,
  );
}

function errorsOf(claims: readonly Claim[], output: string): ReadonlyMap<string, string> {
  const header = HEADER.split('\n').length - 1;
  const errors = new Map<string, string>();
  for (const [, line, text] of output.matchAll(/claims\.ts\((\d+),\d+\): error (.*)/g)) {
    const claim = claims[Number(line) - header - 1];
    if (claim === undefined) throw new Error(`the compiler finds fault with the claims' header: ${text}`);
    errors.set(claim.name, `${errors.get(claim.name) ?? ''}${text}\n`);
  }
  if (errors.size === 0 && output.trim() !== '') throw new Error(output);
  return errors;
}
