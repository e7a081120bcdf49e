/** How a new object is encrypted: as its request says, or as its bucket does by default. */
import type { Encryption } from '../bucket.ts';
import type { ObjectCall } from '../call.ts';
import type { S3Request } from '../request.ts';
import { ServiceError } from '../service-error.ts';
import { customerKeyMd5, OWN_KEY } from './customer-key.ts';
import { checkKeyUse, keyNamed } from './kms-keys.ts';

const ALGORITHM = 'x-amz-server-side-encryption';
const KEY = 'x-amz-server-side-encryption-aws-kms-key-id';
const BUCKET_KEY = 'x-amz-server-side-encryption-bucket-key-enabled';
const CONTEXT = 'x-amz-server-side-encryption-context';

const ALGORITHMS: readonly string[] = ['AES256', 'aws:kms', 'aws:kms:dsse'] satisfies readonly Encryption['algorithm'][];

function refused(message: string, header: string, value: string): ServiceError {
  return new ServiceError('InvalidArgument', { message, elements: { ArgumentName: header, ArgumentValue: value } });
}

function isAlgorithm(name: string): name is Encryption['algorithm'] {
  return ALGORITHMS.includes(name);
}

/** The context must be a JSON object of texts, in base64; what it says changes nothing here. */
function checkContext(header: string | undefined): void {
  if (header === undefined) return;
  try {
    const context: unknown = JSON.parse(Buffer.from(header, 'base64').toString('utf8'));
    if (typeof context === 'object' && context !== null && Object.values(context).every((value) => typeof value === 'string')) return;
  } catch {
    // refused below, like everything else that is no such object
  }
  throw refused(`The header '${CONTEXT}' shall be Base64-encoded UTF-8 string holding JSON which represents a string-string map`, CONTEXT, header);
}

/** What the headers ask for; null when they ask for nothing. */
function requested({ headers }: S3Request): { readonly algorithm: Encryption['algorithm']; readonly kmsKeyId: string | null } | null {
  const [algorithm, kmsKeyId] = [headers[ALGORITHM], headers[KEY] ?? null];
  checkContext(headers[CONTEXT]);
  if (algorithm !== undefined && !isAlgorithm(algorithm)) throw refused('The encryption method specified is not supported', ALGORITHM, algorithm);
  if (kmsKeyId !== null && (algorithm === undefined || algorithm === 'AES256'))
    throw refused(`Server Side Encryption with AWS KMS managed key requires HTTP header ${ALGORITHM} : aws:kms`, KEY, kmsKeyId);
  return algorithm === undefined ? null : { algorithm, kmsKeyId };
}

/** Whether the bucket's own key stands between KMS and the object's: as the request says, or the bucket. */
function bucketKey({ request: { headers }, bucket }: ObjectCall, algorithm: Encryption['algorithm']): boolean {
  if (algorithm !== 'aws:kms') return false;
  return (headers[BUCKET_KEY] ?? String(bucket.settings.encryption.bucketKey ?? false)).toLowerCase() === 'true';
}

/** The encryption that a write asks for, or the bucket's default; a key of KMS must be there and be the caller's to use. */
export function writeEncryption(call: ObjectCall): Encryption {
  const { request, bucket, key } = call;
  const own = customerKeyMd5(request, OWN_KEY);
  const asked = requested(request);
  if (own !== null && asked !== null)
    throw refused('Server Side Encryption with Customer provided key is incompatible with the encryption method specified', ALGORITHM, asked.algorithm);
  if (own !== null) return { algorithm: 'AES256', kmsKeyId: null, customerKeyMd5: own };
  const { algorithm, kmsKeyId } = asked ?? bucket.settings.encryption;
  if (algorithm === 'AES256') return { algorithm, kmsKeyId: null };
  const known = { algorithm, kmsKeyId: keyNamed(call, bucket, kmsKeyId) };
  const encryption = bucketKey(call, algorithm) ? { ...known, bucketKey: true } : known;
  checkKeyUse(call, { bucket, key, encryption, operation: 'GenerateDataKey' });
  return encryption;
}

/** Reads and parts have nothing to say about the encryption by S3 or KMS, which was settled before. */
export function refuseEncryptionHeaders({ headers }: S3Request): void {
  const header = [ALGORITHM, KEY, BUCKET_KEY, CONTEXT].find((name) => headers[name] !== undefined);
  if (header !== undefined) throw refused(`${header} header is not supported for this operation.`, header, headers[header] ?? '');
}
