/** A source bucket of multipart objects that answers as S3 does, and a destination that counts its uploads. */
import { type FakeAnswer, type FakeClient, type FakeRequest, fakeClient, s3Error } from './fake-s3.ts';

/** An object of the fake source. */
export interface FakeObject {
  readonly key: string;
  readonly etag: string;
  readonly sizes: readonly number[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether GetObjectAttributes lists the parts. */
  readonly attributes?: boolean;
}

/** How the fake differs from S3. */
export interface Habits {
  /** `no-count`: lengths of parts, but no count. `ignored`: part numbers are not looked at. `refused`: 501. */
  readonly partNumbers?: 'empty-out-of-range' | 'no-count' | 'ignored' | 'refused-after-first';
  readonly tags?: Readonly<Record<string, string>>;
}

const total = (sizes: readonly number[]): number => sizes.reduce((a, b) => a + b, 0);

function headOf(object: FakeObject, request: FakeRequest, habits: Habits): FakeAnswer {
  const size = total(object.sizes);
  const common = { etag: `"${object.etag}"`, ...object.headers };
  const { partNumber } = request.parameters;
  if (partNumber === undefined || habits.partNumbers === 'ignored') return { headers: { ...common, 'content-length': String(size) } };
  if (habits.partNumbers === 'refused-after-first' && partNumber !== '1') throw s3Error('NotImplemented', 501);
  const n = Number(partNumber);
  const first = total(object.sizes.slice(0, n - 1));
  const length = object.sizes[n - 1];
  if (length === undefined || size === 0 || (length === 0 && habits.partNumbers === 'empty-out-of-range')) throw s3Error('InvalidRange', 416);
  const count = habits.partNumbers === 'no-count' || !object.etag.includes('-') ? {} : { 'x-amz-mp-parts-count': String(object.sizes.length) };
  const range = length === 0 ? {} : { 'content-range': `bytes ${first}-${first + length - 1}/${size}` };
  return { status: 206, headers: { ...common, 'content-length': String(length), ...range, ...count } };
}

function attributesOf(object: FakeObject): FakeAnswer {
  const parts = object.attributes === true ? object.sizes.map((size, n) => `<Part><PartNumber>${n + 1}</PartNumber><Size>${size}</Size></Part>`).join('') : '';
  const body = `<GetObjectAttributesResponse><ObjectParts><PartsCount>${object.sizes.length}</PartsCount>${parts}</ObjectParts></GetObjectAttributesResponse>`;
  return { body };
}

/** The source. */
export function fakeSource(objects: readonly FakeObject[], habits: Habits = {}): FakeClient {
  return fakeClient('src', (request) => {
    const object = objects.find(({ key }) => key === request.key);
    if (object === undefined) throw s3Error('NotFound', 404, request.operation);
    const pin = request.headers?.['if-match'];
    if (pin !== undefined && pin !== `"${object.etag}"`) throw s3Error('PreconditionFailed', 412, request.operation);
    if (request.operation === 'HeadObject') return headOf(object, request, habits);
    if (request.operation === 'GetObjectAttributes') return attributesOf(object);
    if (request.operation !== 'GetObjectTagging') throw new Error(`unexpected ${request.operation}`);
    const tags = Object.entries(habits.tags ?? {}).map(([key, value]) => `<Tag><Key>${key}</Key><Value>${value}</Value></Tag>`);
    return { body: `<Tagging><TagSet>${tags.join('')}</TagSet></Tagging>` };
  });
}

/** The destination: upload ids `upload-1`, `upload-2`, … */
export function fakeDestination(): FakeClient {
  let uploads = 0;
  return fakeClient('dst', (request) => {
    if (request.operation !== 'CreateMultipartUpload') throw new Error(`unexpected ${request.operation}`);
    uploads += 1;
    return { body: `<InitiateMultipartUploadResult><UploadId>upload-${uploads}</UploadId></InitiateMultipartUploadResult>` };
  });
}
