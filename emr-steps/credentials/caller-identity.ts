/** GetCallerIdentity of STS: who somebody is. It needs no right at all. */
import { ask, type Patience } from './ask.ts';
import type { CredentialProvider } from './credential-provider.ts';
import type { SendHttp } from './http-send.ts';
import { stsOrigin } from './sts-endpoint.ts';
import { signedFormHeaders } from './sts-signature.ts';

/** Who is asked about, and where. */
export interface CallerIdentityOptions {
  readonly credentials: CredentialProvider;
  /** Of the STS endpoint. */
  readonly region: string;
  /** An endpoint in place of the one of AWS. */
  readonly endpointUrl?: string | undefined;
  readonly send: SendHttp;
  /** The clock, in milliseconds. Default: the machine's. */
  readonly now?: (() => number) | undefined;
}

const PATIENCE: Patience = { attempts: 2, timeoutMilliseconds: 5_000, pauseMilliseconds: 200 };

/** The ARN of the user or session; null where STS does not say, for whatever reason: it is asked for words to people alone. */
export async function callerIdentity({ credentials, region, endpointUrl, send, now = Date.now }: CallerIdentityOptions): Promise<string | null> {
  try {
    const origin = stsOrigin(region, endpointUrl);
    const form = new URLSearchParams({ Action: 'GetCallerIdentity', Version: '2011-06-15' }).toString();
    const headers = signedFormHeaders(new URL(origin).host, form, region, await credentials(), now());
    const reply = await ask(send, { method: 'POST', origin, path: '/', headers, body: Buffer.from(form) }, PATIENCE);
    return reply.status === 200 ? (/<Arn>(arn:[^<]+)<\/Arn>/.exec(reply.text)?.[1] ?? null) : null;
  } catch {
    return null;
  }
}
