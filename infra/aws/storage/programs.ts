/**
 * What clusters run, as hashed assets: the archive of Node for both architectures, the bundles of the steps, the Hive scripts. Assets have no
 * file names, so a plan is told where each file lies; older assets stay, and so a run that is under way goes on during a deployment.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';

/** Thrown where `make build` or `make synth` has not made what is to be deployed. Final. */
export class ArtifactMissingError extends Error {
  override readonly name = 'ArtifactMissingError';
  readonly code = 'ARTIFACT_MISSING';
  readonly retryable = false;

  constructor(path: string) {
    super(`${path} is missing; run make synth, which builds it`);
  }
}

/** The programs of a workflow. */
export class Programs extends Construct {
  /** `s3://…` of the archive that steps unpack as `node`. */
  readonly nodeArchive: string;
  /** `s3://…` by file name. */
  readonly files: Readonly<Record<string, string>>;
  /** ARNs of all of them, or of the prefix below which the stack keeps its assets. */
  readonly readable: readonly string[];

  /** @param artifacts - a folder with `node.tgz`, `steps/*.js` and `diff/*.hql` @throws ArtifactMissingError */
  constructor(scope: Construct, id: string, artifacts: string) {
    super(scope, id);
    const files = [...filesIn(artifacts, 'steps', '.js'), ...filesIn(artifacts, 'diff', '.hql')];
    const assets = files.map(([name, path]) => [name, new Asset(this, name, { path })] as const);
    // An asset keeps the last ending of its file, and YARN unpacks what ends in .tgz or .tar.gz, never in .gz alone.
    const node = new Asset(this, 'node.tgz', { path: existing(artifacts, 'node.tgz') });
    this.nodeArchive = node.s3ObjectUrl;
    this.files = Object.fromEntries(assets.map(([name, asset]) => [name, asset.s3ObjectUrl]));
    this.readable = [...new Set([node, ...assets.map(([, asset]) => asset)].map(readableArn))].toSorted();
  }
}

/** An asset's own ARN; where the stack keeps its assets below a prefix, all that lies there, older versions too. */
export function readableArn(asset: Asset): string {
  const key = asset.s3ObjectKey;
  const folder = key.slice(0, key.lastIndexOf('/') + 1);
  return asset.bucket.arnForObjects(folder === '' ? key : `${folder}*`);
}

function existing(folder: string, name: string): string {
  if (!readdirSync(folder).includes(name)) throw new ArtifactMissingError(join(folder, name));
  return join(folder, name);
}

function filesIn(artifacts: string, folder: string, ending: string): readonly (readonly [string, string])[] {
  const names = readdirSync(existing(artifacts, folder)).filter((name) => name.endsWith(ending));
  if (names.length === 0) throw new ArtifactMissingError(join(artifacts, folder, `*${ending}`));
  return names.toSorted().map((name) => [name, join(artifacts, folder, name)]);
}
