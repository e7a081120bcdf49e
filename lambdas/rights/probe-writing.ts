/**
 * May objects be written? The proof is a multipart upload that is begun as the run would begin one and aborted at once: no object ever
 * exists, nothing is overwritten, no event is sent. It is begun only after it was proven that it may be aborted. Conditional writes would
 * need less, but a server that ignores their condition would write.
 */
import { abortMultipartUpload } from '../../emr-steps/s3/abort-multipart-upload.ts';
import { createMultipartUpload } from '../../emr-steps/s3/create-multipart-upload.ts';
import { listMultipartUploads } from '../../emr-steps/s3/list-multipart-uploads.ts';
import { listParts } from '../../emr-steps/s3/list-parts.ts';
import type { S3Client } from '../../emr-steps/s3/s3-client.ts';
import { uploadPart } from '../../emr-steps/s3/upload-part.ts';
import type { RunRequest } from '../../workflows/request/run-request.ts';
import { attempt } from './attempt.ts';
import { type Findings, type ProbedRun, probeKey } from './probe.ts';

/** What the run asks of a write beside the bytes. */
interface WriteExtras {
  readonly tags: boolean;
  readonly acl: boolean;
  /** Headers of the encryption; null: as the bucket does by itself. */
  readonly encryption: Readonly<Record<string, string>> | null;
}

/** An id that no upload has. */
const NO_UPLOAD = 'carillon-probe-of-the-right-to-abort';

/** What the open upload is used for before it is aborted. */
export type UseOfUpload = (client: S3Client, upload: { readonly key: string; readonly uploadId: string }) => Promise<void>;

/** @param usesKey - whether the bucket's default is a key of KMS @param use - further probes that need an open upload */
export async function probeWriting(run: ProbedRun, usesKey: Promise<boolean>, findings: Findings, use: UseOfUpload): Promise<void> {
  const client = run.clientOf('destination');
  const key = probeKey(run, 'destination');
  const mayAbort = findings.try('s3:AbortMultipartUpload', () => abortMultipartUpload(client, { key, uploadId: NO_UPLOAD }));
  const mayList = findings.try('s3:ListBucketMultipartUploads', () => abortLeftOver(client, key, mayAbort));
  const [isAllowed] = await Promise.all([mayAbort, mayList]);
  if (!isAllowed) return;
  const wanted = extrasOf(run.request);
  const isByKey = (await usesKey) || wanted.encryption !== null;
  let uploadId: string | null = null;
  const error = await attempt(async () => (uploadId = await begin(client, key, wanted)));
  if (error !== null) return explainWriting(client, key, wanted, isByKey, findings);
  if (uploadId === null) return;
  const upload = { key, uploadId };
  try {
    await Promise.all([
      findings.try('s3:ListMultipartUploadParts', () => listParts(client, upload)),
      isByKey && findings.try('kms:Decrypt', () => uploadPart(client, { ...upload, partNumber: 1, body: Buffer.from('.') })),
      use(client, upload),
    ]);
  } finally {
    await abortMultipartUpload(client, upload);
  }
}

/** An execution of this run that was killed at the wrong moment may have left its probe open: nobody else has this key. */
async function abortLeftOver(client: S3Client, key: string, mayAbort: Promise<boolean>): Promise<void> {
  const left: string[] = [];
  for await (const upload of listMultipartUploads(client, { prefix: key })) if (upload.key === key) left.push(upload.uploadId);
  if (left.length > 0 && (await mayAbort)) await Promise.all(left.map((uploadId) => abortMultipartUpload(client, { key, uploadId })));
}

/** The extras one by one, on top of a write that asks for nothing: which of them is refused? */
async function explainWriting(client: S3Client, key: string, wanted: WriteExtras, isByKey: boolean, findings: Findings): Promise<void> {
  const plain: WriteExtras = { tags: false, acl: false, encryption: isByKey ? { 'x-amz-server-side-encryption': 'AES256' } : null };
  const mayWrite = (extras: WriteExtras) => attempt(() => beginAndAbort(client, key, extras)).then((error) => error === null);
  const all = () => beginAndAbort(client, key, wanted);
  const before = findings.denials.length;
  if (await mayWrite(plain)) {
    if (wanted.tags) await findings.try('s3:PutObjectTagging', () => beginAndAbort(client, key, { ...plain, tags: true }));
    if (wanted.acl) await findings.try('s3:PutObjectAcl', () => beginAndAbort(client, key, { ...plain, acl: true }));
    if (isByKey) await findings.try('kms:GenerateDataKey', () => beginAndAbort(client, key, { ...plain, encryption: wanted.encryption }));
  }
  if (findings.denials.length === before) await findings.try('s3:PutObject', all);
}

async function beginAndAbort(client: S3Client, key: string, extras: WriteExtras): Promise<void> {
  const uploadId = await begin(client, key, extras);
  await abortMultipartUpload(client, { key, uploadId });
}

async function begin(client: S3Client, key: string, { tags, acl, encryption }: WriteExtras): Promise<string> {
  const headers = { ...encryption, ...(acl ? { 'x-amz-acl': 'bucket-owner-full-control' } : {}) };
  const tagging = tags ? [{ key: 'carillon', value: 'probe' }] : [];
  return (await createMultipartUpload(client, { key, storageClass: null, kept: {}, tags: tagging, headers })).uploadId;
}

function extrasOf({ copy: { tags, acl, encryption } }: RunRequest): WriteExtras {
  const { kind, key, bucketKey, keyMap } = encryption;
  const named = keyMap === undefined ? key : (Object.values(keyMap)[0] ?? key);
  const algorithm = keyMap !== undefined ? 'aws:kms' : kind === 'bucket-default' || kind === 'keep' ? null : kind;
  const headers = {
    ...(named === undefined ? {} : { 'x-amz-server-side-encryption-aws-kms-key-id': named }),
    ...(bucketKey && algorithm === 'aws:kms' ? { 'x-amz-server-side-encryption-bucket-key-enabled': 'true' } : {}),
  };
  return {
    tags: tags === 'keep',
    acl: acl !== 'none',
    encryption: algorithm === null ? null : { 'x-amz-server-side-encryption': algorithm, ...(algorithm === 'AES256' ? {} : headers) },
  };
}
