/** A process of a node: assumes the role that its argument describes and prints the key id that it got. */
import { roleCredentials } from '../../../emr-steps/credentials/role-credentials.ts';
import { undiciTransport } from '../../../emr-steps/s3/undici-transport.ts';

const transport = undiciTransport();
const { arn, sessionName } = JSON.parse(process.argv[2] ?? '') as { arn: string; sessionName: string };
const base = async () => ({ accessKeyId: 'AKIAEXAMPLEEXAMPLE12', secretAccessKey: 's' });
const provider = roleCredentials({ arn, sessionName, stsRegion: 'eu-central-1', base, env: process.env, send: transport });
process.stdout.write((await provider()).accessKeyId);
await transport.close();
