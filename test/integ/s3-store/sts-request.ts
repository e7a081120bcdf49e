/** Forms that are posted to STS, signed by the vendor's signer. */
import { SignatureV4 } from '@smithy/signature-v4';
import { Sha256 } from '../../../infra/local/s3-store/signatures/sha256.ts';

/** Keys to sign with. */
export interface StsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** What STS said. */
export interface StsAnswer {
  readonly status: number;
  readonly body: string;
  /** The text of the first element of this name. */
  element(name: string): string | undefined;
}

/** Posts a form; null keys: unsigned. */
export async function askSts(
  url: string,
  keys: StsKeys | null,
  form: Readonly<Record<string, string>>,
  service = 'sts',
  region = 'eu-central-1',
): Promise<StsAnswer> {
  const body = new URLSearchParams({ Version: '2011-06-15', ...form }).toString();
  const { host, hostname } = new URL(url);
  const plain = { host, 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  const request = { method: 'POST', protocol: 'http:', hostname, path: '/', query: {}, headers: plain, body };
  const headers =
    keys === null ? plain : (await new SignatureV4({ credentials: keys, region, service, sha256: Sha256, applyChecksum: false }).sign(request)).headers;
  const answer = await fetch(`${url}/`, { method: 'POST', headers, body });
  const text = await answer.text();
  return { status: answer.status, body: text, element: (name) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1] };
}

/** `<status> <code>` of a refusal; `accepted` when there was none. */
export async function stsRefusal(answer: Promise<StsAnswer>): Promise<string> {
  const { status, element } = await answer;
  return status === 200 ? 'accepted' : `${element('Code')} ${status}`;
}

/** Assumes a role and takes the credentials from the answer. */
export async function sessionOf(url: string, keys: StsKeys, form: Readonly<Record<string, string>>): Promise<Required<StsKeys>> {
  const { status, body, element } = await askSts(url, keys, { Action: 'AssumeRole', RoleSessionName: 'run-7', ...form });
  if (status !== 200) throw new Error(body);
  return {
    accessKeyId: element('AccessKeyId') ?? '',
    secretAccessKey: element('SecretAccessKey') ?? '',
    sessionToken: element('SessionToken') ?? '',
  };
}
