/** `rclone check` between two buckets of a server: a stranger's judgement, byte for byte. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { goProgram } from './installed.ts';
import { KEYS } from './servers.ts';

/** Keys that rclone has no name for: the object `/`, which it passes over, and `..`, which it asks for by another name. */
const UNNAMEABLE = /Entry doesn't belong in directory "\/"/;
const NOT_ASKED = ['- /\uff0e\uff0e'];

/** What it found; empty where nothing differs and every object was compared. */
export async function rcloneCheck(url: string, source: string, destination: string): Promise<string> {
  const remote = {
    RCLONE_CONFIG: '/dev/null',
    RCLONE_CONFIG_S_TYPE: 's3',
    RCLONE_CONFIG_S_PROVIDER: 'Other',
    RCLONE_CONFIG_S_ENDPOINT: url,
    RCLONE_CONFIG_S_REGION: 'us-east-1',
    RCLONE_CONFIG_S_ACCESS_KEY_ID: KEYS.accessKeyId,
    RCLONE_CONFIG_S_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
  };
  const words = [
    'check',
    `s:${source}`,
    `s:${destination}`,
    '--download',
    '--checkers',
    '4',
    '--retries',
    '1',
    ...NOT_ASKED.flatMap((filter) => ['--filter', filter]),
  ];
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, ...remote };
  try {
    const { stderr } = await promisify(execFile)(goProgram('github.com/rclone/rclone@v1.71.2'), words, { env });
    const said = stderr
      .split('\n')
      .filter((line) => !UNNAMEABLE.test(line))
      .join('\n');
    return /\b0 differences found/.test(said) && !/could not be|ERROR/.test(said) ? '' : said;
  } catch (error) {
    return (error as { stderr?: string }).stderr ?? String(error);
  }
}
