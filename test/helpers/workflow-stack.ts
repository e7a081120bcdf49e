/** The stack of a configuration, synthesised from artifacts that never change, so that snapshots show what the constructs change. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { PROGRAM_OPTIONS } from '../../emr-steps/records/program-options.ts';
import { workflowApp } from '../../infra/aws/app.ts';
import { type Configuration, parseConfiguration } from '../../infra/aws/configuration.ts';
import { FUNCTIONS } from '../../infra/aws/control/function-table.ts';
import { HIVE_SCRIPTS, hiveScriptFile } from '../../workflows/diff/hive-diff.ts';

/** A resource of a template. */
export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly [member: string]: unknown;
}

/** A template. */
export interface StackTemplate {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly [member: string]: unknown;
}

/** What stands at a path of members within a part of a template; undefined where nothing does. */
export function memberAt(part: unknown, ...path: readonly string[]): unknown {
  return path.reduce((at, member) => (at as Readonly<Record<string, unknown>> | null | undefined)?.[member], part);
}

/** A configuration with every kind of thing in it. */
export const CONFIGURATION = {
  account: '111122223333',
  region: 'eu-central-1',
  data: {
    sources: ['source-*'],
    destinations: ['destination-*'],
    keys: ['arn:aws:kms:eu-central-1:111122223333:key/1111'],
    otherRoles: ['arn:aws:iam::444455556666:role/carillon-*'],
  },
  partitionPlaces: ['arn:aws:s3:::part-files/carillon/*'],
  notify: { mails: ['owner@example.com'] },
  next: { stateMachineArns: ['arn:aws:states:eu-central-1:111122223333:stateMachine:report'], glueJobs: ['load'] },
  pairs: { logs: { request: { source: { bucket: 'source-logs' }, destination: { bucket: 'destination-logs' }, verify: true }, incremental: true } },
  schedules: {
    nightly: { when: 'cron(0 3 * * ? *)', timeZone: 'Europe/Berlin', flexibleMinutes: 30, pair: 'logs' },
    hourly: { when: 'rate(1 hour)', enabled: false, request: { source: { bucket: 'source-a' }, destination: { bucket: 'destination-a' } } },
  },
} as const;

/** Makes the artifacts of a deployment, each with a text of its own in place of what `make build` makes. */
export function fakeArtifacts(): string {
  const folder = mkdtempSync(join(tmpdir(), 'carillon-artifacts-'));
  const write = (path: string, text: string): void => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  write('node.tgz', 'node');
  for (const script of ['grow-volumes.sh', 'install-grow-volumes.sh']) write(`nodes/${script}`, `# ${script}`);
  for (const program of Object.keys(PROGRAM_OPTIONS)) write(`steps/${program}.js`, `// ${program}`);
  for (const script of HIVE_SCRIPTS) write(`diff/${hiveScriptFile(script)}`, `-- ${hiveScriptFile(script)}`);
  for (const name of Object.keys(FUNCTIONS)) write(`lambdas/${name}/index.mjs`, `// ${name}`);
  return folder;
}

/** What was synthesised. */
export interface Synthesised {
  readonly template: StackTemplate;
  /** Text of a file of the assembly, such as `policy-validation-report.json`. */
  readonly file: (name: string) => string;
  readonly configuration: Configuration;
}

/** Synthesises a configuration; the folders are removed. @param prepare - what is done with the app before, such as adding a check */
export function synthesised(written: unknown = CONFIGURATION, prepare: (app: App) => void = () => {}): Synthesised {
  const artifacts = fakeArtifacts();
  const output = mkdtempSync(join(tmpdir(), 'carillon-synth-'));
  try {
    const configuration = parseConfiguration(written);
    const app = workflowApp(configuration, { artifacts, output, folder: artifacts });
    prepare(app);
    const { stacks } = app.synth();
    const files = new Map<string, string>();
    for (const name of ['policy-validation-report.json', 'validation-report.json']) {
      try {
        files.set(name, readFileSync(join(output, name), 'utf8'));
      } catch {
        // Not every check leaves a report.
      }
    }
    return { template: stacks[0]?.template as StackTemplate, file: (name) => files.get(name) ?? '', configuration };
  } finally {
    rmSync(artifacts, { recursive: true, force: true });
    rmSync(output, { recursive: true, force: true });
  }
}
