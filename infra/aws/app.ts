/** The app: one stack with one workflow. */
import { isAbsolute, resolve } from 'node:path';
import { App, DefaultStackSynthesizer, type IStackSynthesizer, Stack } from 'aws-cdk-lib';
import { CURRENTLY_RECOMMENDED_FLAGS } from 'aws-cdk-lib/cx-api';
import type { Configuration } from './configuration.ts';
import { CopyWorkflow } from './copy-workflow.ts';

/** Where the app finds and leaves files. */
export interface AppPlaces {
  /** Folder of what is deployed. */
  readonly artifacts: string;
  /** Folder of the template and its assets. */
  readonly output: string;
  /** Folder of the configuration: paths in it begin there. */
  readonly folder: string;
}

/** Our assets lie below a prefix of the bucket of assets: nodes may read what lies there and nothing else. */
const ASSET_PREFIX = 'carillon/';

/** The app, not yet synthesised. */
export function workflowApp(configuration: Configuration, { artifacts, output, folder }: AppPlaces): App {
  const { account, region, bootstrap, ...props } = configuration;
  const app = new App({ outdir: output, analyticsReporting: false, postCliContext: CURRENTLY_RECOMMENDED_FLAGS });
  const stack = new Stack(app, 'Workflow', {
    stackName: configuration.name,
    description: 'Carillon: copies, compares and proves S3 buckets',
    env: { ...(account !== undefined && { account }), ...(region !== undefined && { region }) },
    // CDK's own class does not fit CDK's interface where optional members are exact.
    synthesizer: new DefaultStackSynthesizer({ bucketPrefix: ASSET_PREFIX }) as IStackSynthesizer,
  });
  const scripts = bootstrap.map((script) => ({ ...script, path: isAbsolute(script.path) ? script.path : resolve(folder, script.path) }));
  new CopyWorkflow(stack, 'Carillon', { ...props, artifacts, bootstrap: scripts });
  return app;
}
