/**
 * What a task gets of the environment of the command that started the local cluster: where programs are, the language, proxies,
 * certificates, and what the AWS configuration is found by. Everything else stays outside, as it would on a cluster.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const PASSED =
  /^(PATH|LANG|LC_.*|TZ|USER|LOGNAME|NODE_COMPILE_CACHE|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR)|(HTTPS?|NO|ALL)_PROXY|(https?|no|all)_proxy|AWS_.*|CARILLON_.*|LD_LIBRARY_PATH)$/;

/** The files of the AWS configuration, which programs look for below HOME; a task's HOME is `/home/`, as on a cluster. */
const AWS_FILES: Readonly<Record<string, string>> = { AWS_CONFIG_FILE: '.aws/config', AWS_SHARED_CREDENTIALS_FILE: '.aws/credentials' };

/** The variables that are passed on. */
export function nodeEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const passed = Object.entries(env).filter((entry): entry is [string, string] => PASSED.test(entry[0]) && entry[1] !== undefined);
  const home = env.HOME;
  const files = home === undefined ? [] : Object.entries(AWS_FILES).map(([name, path]) => [name, join(home, path)] as const);
  return { ...Object.fromEntries(files.filter(([, path]) => existsSync(path))), ...Object.fromEntries(passed) };
}
