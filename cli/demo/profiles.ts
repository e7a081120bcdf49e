/** The shared AWS configuration of the demo: one profile an account, in files of its own, so that nobody's real profiles are touched. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** An account of the demo. */
export interface DemoAccount {
  /** Also the name of its profile. */
  readonly name: string;
  /** Twelve digits. */
  readonly id: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Owns the source. */
export const SENDER: DemoAccount = { name: 'sender', id: '111111111111', accessKeyId: 'AKIADEMOSENDER000001', secretAccessKey: 'demo-secret-of-the-sender' };

/** Owns the destinations. */
export const RECEIVER: DemoAccount = {
  name: 'receiver',
  id: '222222222222',
  accessKeyId: 'AKIADEMORECEIVER0002',
  secretAccessKey: 'demo-secret-of-the-receiver',
};

/** Every bucket of the demo is here. */
export const REGION = 'eu-central-1';

/** Writes the profiles into a folder; answers the environment that makes programs use them and nothing else. */
export async function writeProfiles(folder: string, accounts: readonly DemoAccount[]): Promise<Readonly<Record<string, string>>> {
  const [config, credentials] = [join(folder, 'config'), join(folder, 'credentials')];
  const section = ({ name, accessKeyId, secretAccessKey }: DemoAccount) =>
    `[${name}]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`;
  await writeFile(config, accounts.map(({ name }) => `[profile ${name}]\nregion = ${REGION}\n`).join('\n'));
  await writeFile(credentials, accounts.map(section).join('\n'), { mode: 0o600 });
  return { AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: credentials, AWS_EC2_METADATA_DISABLED: 'true' };
}
