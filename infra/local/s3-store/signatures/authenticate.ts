/** Who sent a request: checks the signature and what must hold around it, in S3's order and with S3's refusals. */
import { timingSafeEqual } from 'node:crypto';
import { type Accounts, ANONYMOUS, type Caller, type KnownKey } from '../accounts.ts';
import { queryValue, type S3Request } from '../request.ts';
import { ServiceError } from '../service-error.ts';
import { type Claim, parseClaim, type Scope, signingTime } from './authorization-header.ts';
import type { Signer } from './signer.ts';

/** S3 refuses requests whose clock is further off. */
const MOST_SKEW_MILLISECONDS = 15 * 60 * 1000;

/** A caller, and what the signatures of the body's chunks need. */
export interface Authenticated {
  readonly caller: Caller;
  /** Null where nothing was signed or nothing is checked. */
  readonly claim: Claim | null;
  readonly secretAccessKey: string;
  readonly signer: Signer | null;
}

/** How a store tells callers apart. */
export interface Authentication {
  readonly accounts: Accounts;
  /** Null: signatures are not looked at, and the access key alone tells who calls. */
  readonly signer: Signer | null;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** @default S3 */
  readonly scope?: Scope;
}

function known(accounts: Accounts, request: S3Request, claim: Claim, now: number): KnownKey {
  const token = request.headers['x-amz-security-token'];
  const found = accounts.find(claim.accessKeyId, token);
  if (found === undefined && token !== undefined) throw new ServiceError('InvalidToken');
  if (found === undefined) throw new ServiceError('InvalidAccessKeyId', { elements: { AWSAccessKeyId: claim.accessKeyId } });
  if (token !== found.key.sessionToken) throw new ServiceError('InvalidToken');
  if (found.key.expires !== undefined && found.key.expires <= now) throw new ServiceError('ExpiredToken');
  return found;
}

function checkTime(claim: Claim, now: number): void {
  if (Math.abs(signingTime(claim.longDate) - now) <= MOST_SKEW_MILLISECONDS) return;
  throw new ServiceError('RequestTimeTooSkewed', { elements: { RequestTime: claim.longDate, ServerTime: new Date(now).toISOString() } });
}

/** S3 wants the host and every `x-amz-` header signed. */
function checkSignedHeaders(request: S3Request, claim: Claim): void {
  const unsigned = Object.keys(request.headers).filter((name) => (name === 'host' || name.startsWith('x-amz-')) && !claim.signedHeaders.includes(name));
  if (unsigned.length === 0) return;
  throw new ServiceError('AccessDenied', {
    message: 'There were headers present in the request which were not signed',
    elements: { HeadersNotSigned: unsigned.join(', ') },
  });
}

function isEqual(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

/** A caller without checked signatures: the owner of the access key, the first account for any other key. */
function unchecked(accounts: Accounts, request: S3Request): Authenticated {
  const id = /Credential=([^/\s,]+)\//.exec(request.headers.authorization ?? '')?.[1];
  const caller = id === undefined ? ANONYMOUS : (accounts.find(id, request.headers['x-amz-security-token'])?.caller ?? accounts.first());
  return { caller, claim: null, secretAccessKey: '', signer: null };
}

/** The caller of a request, anonymous where nothing is signed. */
export async function authenticate(request: S3Request, { accounts, signer, now, scope }: Authentication): Promise<Authenticated> {
  if (queryValue(request, 'X-Amz-Signature') !== null) throw new ServiceError('AuthorizationQueryParametersError');
  if (signer === null) return unchecked(accounts, request);
  const claim = parseClaim(request, scope);
  if (claim === null) return { caller: ANONYMOUS, claim: null, secretAccessKey: '', signer: null };
  const { key, caller } = known(accounts, request, claim, now());
  checkTime(claim, now());
  checkSignedHeaders(request, claim);
  const expected = await signer.signRequest(request, claim, key.secretAccessKey);
  if (!isEqual(expected, claim.signature)) throw new ServiceError('SignatureDoesNotMatch', { elements: { AWSAccessKeyId: claim.accessKeyId } });
  return { caller, claim, secretAccessKey: key.secretAccessKey, signer };
}
