/** What `cdk deploy` does with assets, for an emulator: each file into the bucket of assets, folders as archives. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Emulator, PLACE } from './emulator.ts';

interface AssetManifest {
  readonly files: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path: string; readonly packaging: string };
        readonly destinations: Readonly<Record<string, { readonly objectKey: string }>>;
      }
    >
  >;
}

/** The bucket that `cdk bootstrap` makes. */
export const ASSETS_BUCKET = `cdk-hnb659fds-assets-${PLACE.account}-${PLACE.region}`;

/** Puts the assets of an assembly there. @param python - a Python, whose `zipfile` makes the archives */
export async function publishAssets(emulator: Emulator, assembly: string, python: string): Promise<number> {
  const { files } = JSON.parse(await readFile(join(assembly, 'Workflow.assets.json'), 'utf8')) as AssetManifest;
  const place = `<CreateBucketConfiguration><LocationConstraint>${PLACE.region}</LocationConstraint></CreateBucketConfiguration>`;
  await emulator.rest('s3', 'PUT', `/${ASSETS_BUCKET}`, place);
  for (const { source, destinations } of Object.values(files)) {
    const path = join(assembly, source.path);
    const bytes = source.packaging === 'zip' ? await zipped(path, python) : await readFile(path);
    for (const { objectKey } of Object.values(destinations)) {
      const { status, text } = await emulator.rest('s3', 'PUT', `/${ASSETS_BUCKET}/${objectKey}`, bytes);
      if (status !== 200) throw new Error(`${objectKey}: ${status} ${text}`);
    }
  }
  return Object.keys(files).length;
}

async function zipped(folder: string, python: string): Promise<Uint8Array> {
  const file = `${folder}.zip`;
  await promisify(execFile)(python, ['-m', 'zipfile', '-c', file, '.'], { cwd: folder });
  return await readFile(file);
}
