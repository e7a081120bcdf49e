/** The hash that the vendor's signer computes with. */
import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import type { SignatureV4 } from '@smithy/signature-v4';

type HashedData = Parameters<InstanceType<ConstructorParameters<typeof SignatureV4>[0]['sha256']>['update']>[0];

/** SHA-256, or HMAC with a secret, in the shape that the signer wants. */
export class Sha256 {
  readonly #hash: Hash | Hmac;

  constructor(secret?: HashedData) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', asBytes(secret));
  }

  update(data: HashedData): void {
    this.#hash.update(asBytes(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    throw new Error('a hash is used once');
  }
}

function asBytes(data: HashedData): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data, 'utf8');
  return ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data);
}
