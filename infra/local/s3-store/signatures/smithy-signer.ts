/** Signatures by the vendor's own signer: the judge. */
import { SignatureV4 } from '@smithy/signature-v4';
import { keyText } from '../key-bytes.ts';
import type { S3Request } from '../request.ts';
import { type Claim, signingTime } from './authorization-header.ts';
import { Sha256 } from './sha256.ts';
import { canonicalPath, type Signer, signedValue } from './signer.ts';

function signerOf(claim: Claim, secretAccessKey: string): SignatureV4 {
  return new SignatureV4({
    credentials: { accessKeyId: claim.accessKeyId, secretAccessKey },
    region: claim.region,
    service: claim.service,
    sha256: Sha256,
    uriEscapePath: false,
    applyChecksum: false,
  });
}

function queryBag(request: S3Request): Record<string, string[]> {
  const bag: Record<string, string[]> = Object.create(null);
  for (const [name, value] of request.query) {
    const values = bag[keyText(name)] ?? [];
    bag[keyText(name)] = [...values, keyText(value)];
  }
  return { ...bag };
}

function signedHeaders(request: S3Request, claim: Claim): Record<string, string> {
  return Object.fromEntries(claim.signedHeaders.map((name) => [name, signedValue(request, name)]));
}

/** Signs as the vendor's SDK does. */
export const smithySigner: Signer = {
  async signRequest(request, claim, secretAccessKey) {
    const unsigned = {
      method: request.method,
      protocol: 'http:',
      hostname: request.headers.host ?? '',
      path: canonicalPath(request.rawPath),
      query: queryBag(request),
      headers: { ...signedHeaders(request, claim), 'x-amz-content-sha256': claim.payloadHash },
    };
    const signed = await signerOf(claim, secretAccessKey).sign(unsigned, {
      signingDate: new Date(signingTime(claim.longDate)),
      signableHeaders: new Set(claim.signedHeaders),
      // the hash is there for the signer to know; services other than S3 want no header of it
      unsignableHeaders: new Set(claim.signedHeaders.includes('x-amz-content-sha256') ? [] : ['x-amz-content-sha256']),
    });
    return String(signed.headers.authorization).slice(-64);
  },

  signText(text, claim, secretAccessKey) {
    return signerOf(claim, secretAccessKey).sign(text, { signingDate: new Date(signingTime(claim.longDate)) });
  },
};
