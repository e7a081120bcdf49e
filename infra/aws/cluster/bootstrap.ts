/** What runs on every node before Hadoop starts, in order, each as a hashed asset: first ours, then those of the owner of the stack. */
import { join } from 'node:path';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import { readableArn } from '../storage/programs.ts';

/** A script of the owner. */
export interface BootstrapScript {
  readonly name: string;
  /** Path of the script on this machine. */
  readonly path: string;
  readonly args?: readonly string[];
}

/** When volumes grow, and how far. */
export interface VolumeGrowth {
  /** Percent of a volume that may be in use before it grows. Default: 80. */
  readonly abovePercent?: number;
  /** Percent by which it grows. Default: 50. */
  readonly byPercent?: number;
  /** GiB beyond which no volume grows. Default: 1000. */
  readonly mostGigabytes?: number;
}

/** What holds where nobody says more. */
export const DEFAULT_GROWTH = { abovePercent: 80, byPercent: 50, mostGigabytes: 1000 } as const satisfies Required<VolumeGrowth>;

/** A bootstrap action, as the settings of `prepare-run` have it. */
export interface BootstrapAction {
  readonly name: string;
  /** `s3://…`. */
  readonly location: string;
  readonly args: readonly string[];
}

/** The actions of a workflow. */
export class Bootstrap extends Construct {
  readonly actions: readonly BootstrapAction[];
  /** ARNs of the scripts. */
  readonly readable: readonly string[];

  /** @param nodes - folder of our scripts */
  constructor(scope: Construct, id: string, nodes: string, growth: VolumeGrowth | null, scripts: readonly BootstrapScript[]) {
    super(scope, id);
    const readable: string[] = [];
    const url = (name: string, path: string): string => {
      const asset = new Asset(this, name, { path });
      readable.push(readableArn(asset));
      return asset.s3ObjectUrl;
    };
    const own = growth === null ? [] : [{ name: 'grow-volumes', ...growthAction(nodes, growth, url) }];
    this.actions = [...own, ...scripts.map(({ name, path, args = [] }) => ({ name, location: url(name, path), args }))];
    this.readable = [...new Set(readable)];
  }
}

/** The installer gets the place of the script that it installs: one action brings one file. */
function growthAction(nodes: string, growth: VolumeGrowth, url: (name: string, path: string) => string) {
  const { abovePercent, byPercent, mostGigabytes } = { ...DEFAULT_GROWTH, ...growth };
  const [script, location] = ['grow-volumes.sh', 'install-grow-volumes.sh'].map((name) => url(name, join(nodes, name))) as [string, string];
  return { location, args: [script, ...[abovePercent, byPercent, mostGigabytes].map(String)] };
}
