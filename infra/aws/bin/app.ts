/** `make synth`: the app. app.ts <configuration.json> <folder of artifacts> <output folder> */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { workflowApp } from '../app.ts';
import { ConfigurationError, parseConfiguration } from '../configuration.ts';

const [file = 'carillon.json', artifacts = 'build', output = 'build/cdk.out'] = process.argv.slice(2);

try {
  const configuration = parseConfiguration(JSON.parse(readFileSync(file, 'utf8')));
  const app = workflowApp(configuration, { artifacts: resolve(artifacts), output: resolve(output), folder: dirname(resolve(file)) });
  const { AwsSolutionsChecks } = await import('cdk-nag');
  const { Validations } = await import('aws-cdk-lib');
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  app.synth();
  console.log(`${resolve(output)} holds the template of ${configuration.name}`);
} catch (error) {
  if (!(error instanceof ConfigurationError) && (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  console.error(`${file}: ${(error as Error).message}`);
  process.exitCode = 1;
}
