/**
 * `make synth` and what is published: `build/aws/index.js`, the construct as a module whose only imports are CDK's, with its declarations in
 * `build/aws/types`, and the scripts of nodes in `build/nodes`, beside the other artifacts.
 */
import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const ROOT = resolve(import.meta.dirname, '../..');
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');

/** Builds it in a folder of its own, which then takes the place of the old one. */
async function makeConstruct(): Promise<void> {
  const fresh = join(ROOT, 'build', `.aws-${process.pid}`);
  try {
    await mkdir(fresh, { recursive: true });
    await build({
      absWorkingDir: ROOT,
      entryPoints: ['infra/aws/index.ts'],
      outfile: join(fresh, 'index.js'),
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      external: ['aws-cdk-lib', 'aws-cdk-lib/*', 'constructs', 'zod'],
      legalComments: 'none',
    });
    await declarations(join(fresh, 'types'));
    await rm(join(ROOT, 'build/aws'), { recursive: true, force: true });
    await rename(fresh, join(ROOT, 'build/aws'));
    await cp(join(ROOT, 'infra/aws/nodes'), join(ROOT, 'build/nodes'), { recursive: true });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

const OPTIONS = '--module NodeNext --target ES2024 --types node --strict --skipLibCheck --allowImportingTsExtensions --erasableSyntaxOnly';
const EMIT = '--noEmit false --declaration --emitDeclarationOnly --rewriteRelativeImportExtensions';

/** Of the module and of what its types name. */
async function declarations(folder: string): Promise<void> {
  const words = [TSC, join(ROOT, 'infra/aws/index.ts'), '--ignoreConfig', ...`${OPTIONS} ${EMIT}`.split(' '), '--rootDir', ROOT, '--outDir', folder];
  await promisify(execFile)(process.execPath, words, { cwd: ROOT });
  await importAsJavaScript(folder);
}

/** Declarations name the files beside them as JavaScript, which TypeScript then finds; it leaves `.ts` as it stands. */
async function importAsJavaScript(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replaceAll(/(from '\.{1,2}\/[^']*)\.ts'/g, "$1.js'").replaceAll(/(import\("\.{1,2}\/[^"]*)\.ts"/g, '$1.js"'));
  }
}

await makeConstruct();
