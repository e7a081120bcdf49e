/** Finds where the parts of a multipart object begin and end: computed from part 1, read part by part, or from the object's attributes. */
import type { Budget } from '../hadoop/budget.ts';
import { listedPartMap, type PartMap, uniformPartMap } from '../multipart/part-map.ts';
import type { PartMapSource } from '../records/copy-task.ts';
import { getObjectAttributes } from '../s3/get-object-attributes.ts';
import { headObject } from '../s3/head-object.ts';
import type { ObjectHead } from '../s3/object-headers.ts';
import type { S3Client } from '../s3/s3-client.ts';
import { S3Error } from '../s3/s3-error.ts';

/** Requests for the parts of one object under way at once; all objects together have the budget. */
const SWEEP_CONCURRENCY = 16;

/** What is known of the object after the HEAD of its part 1. */
export interface MultipartObject {
  /** The whole key. */
  readonly key: string;
  /** Without quotes; pins every request. */
  readonly etag: string;
  /** Bytes of the object. */
  readonly size: number;
  /** The number that the ETag ends in. */
  readonly parts: number;
  /** HEAD of part 1 (of an empty object: of the object). */
  readonly head: ObjectHead;
  /** Whether checksums are stored, so that the object's attributes are likely to list its parts. */
  readonly hasChecksum: boolean;
}

/** How to look. */
export interface PartMapSearch {
  readonly source: S3Client;
  readonly prefer: 'computed' | 'swept';
  /** Requests that the whole program may have under way. */
  readonly requests: Budget;
  readonly signal: AbortSignal;
}

/** The map and where it is from, or everything that was tried in vain. */
export type FoundPartMap =
  | { readonly kind: 'found'; readonly map: PartMap; readonly source: PartMapSource }
  | { readonly kind: 'unknown'; readonly why: string };

type Attempt = () => FoundPartMap | Promise<FoundPartMap>;

function found(answer: ReturnType<typeof listedPartMap>, source: PartMapSource): FoundPartMap {
  return answer.kind === 'map' ? { kind: 'found', map: answer.map, source } : { kind: 'unknown', why: `${source}: ${answer.why}` };
}

/**
 * Finds the part map. What a server does not do (no part numbers, no attributes) is passed over; an error that concerns the object or
 * that may heal is thrown, because a later try may find the map.
 *
 * @throws S3Error such as 412 where the object is no longer the listed one
 */
export async function findPartMap(object: MultipartObject, search: PartMapSearch): Promise<FoundPartMap> {
  if (object.size === 0) return found(listedPartMap(0, new Array<number>(object.parts).fill(0)), 'computed');
  if (object.parts === 1) return found(uniformPartMap(object.size, object.head.size, 1), 'computed');
  const compute: Attempt = () => computed(object);
  const sweep: Attempt = () => swept(object, search);
  const attributes: Attempt = () => fromAttributes(object, search);
  const inTurn = search.prefer === 'swept' ? [sweep, attributes] : object.hasChecksum ? [compute, attributes, sweep] : [compute, sweep, attributes];
  const whys: string[] = [];
  for (const attempt of inTurn) {
    const answer = await attempt();
    if (answer.kind === 'found') return answer;
    whys.push(answer.why);
  }
  return { kind: 'unknown', why: whys.join('; ') };
}

function computed({ size, parts, head }: MultipartObject): FoundPartMap {
  if (head.partsCount === null) return { kind: 'unknown', why: 'computed: the HEAD of part 1 names no number of parts' };
  if (head.partsCount !== parts) return { kind: 'unknown', why: `computed: the HEAD of part 1 names ${head.partsCount} parts, the ETag ${parts}` };
  return found(uniformPartMap(size, head.size, parts), 'computed');
}

/** A server that does not know part numbers answers the HEAD of part 1 with the whole object, and no count. */
async function swept(object: MultipartObject, search: PartMapSearch): Promise<FoundPartMap> {
  if (object.head.size >= object.size && object.head.partsCount === null)
    return { kind: 'unknown', why: 'swept: the HEAD of part 1 answers with the whole object' };
  const sizes = new Array<number>(object.parts).fill(0);
  sizes[0] = object.head.size;
  let next = 2;
  let failure: { readonly error: unknown } | null = null;
  const worker = async (): Promise<void> => {
    try {
      for (let partNumber = next++; partNumber <= object.parts && failure === null; partNumber = next++) {
        sizes[partNumber - 1] = await sizeOfPart(object, partNumber, search);
      }
    } catch (error) {
      failure ??= { error };
    }
  };
  await Promise.all(Array.from({ length: Math.min(SWEEP_CONCURRENCY, object.parts - 1) }, worker));
  if (failure !== null) return { kind: 'unknown', why: `swept: ${notOffered((failure as { readonly error: unknown }).error)}` };
  return found(listedPartMap(object.size, sizes), 'swept');
}

/** An empty last part is out of range for some servers: it counts as empty, and the sum of all parts decides. */
async function sizeOfPart({ key, etag, parts }: MultipartObject, partNumber: number, { source, requests, signal }: PartMapSearch): Promise<number> {
  const giveBack = await requests.take(1, signal);
  try {
    return (await headObject(source, { key, partNumber, ifMatch: etag }, signal)).size;
  } catch (error) {
    if (partNumber === parts && error instanceof S3Error && error.status === 416) return 0;
    throw error;
  } finally {
    giveBack();
  }
}

async function fromAttributes({ key, size, parts }: MultipartObject, { source, requests, signal }: PartMapSearch): Promise<FoundPartMap> {
  const giveBack = await requests.take(1, signal);
  try {
    const attributes = await getObjectAttributes(source, { key }, signal);
    if (attributes.parts === null || attributes.parts.length === 0) return { kind: 'unknown', why: 'attributes: the service lists no parts' };
    if (attributes.parts.length !== parts) return { kind: 'unknown', why: `attributes: ${attributes.parts.length} parts, the ETag names ${parts}` };
    return found(
      listedPartMap(
        size,
        attributes.parts.map((part) => part.size),
      ),
      'attributes',
    );
  } catch (error) {
    return { kind: 'unknown', why: `attributes: ${notOffered(error)}` };
  } finally {
    giveBack();
  }
}

/** What a refusal says; throws what is no refusal of the question as such (a changed or vanished object, an error that may heal). */
function notOffered(error: unknown): string {
  const refused = error instanceof S3Error && error.retryClass === 'final' && ![404, 412].includes(error.status);
  if (!refused) throw error;
  return `${error.code} (status ${error.status})`;
}
