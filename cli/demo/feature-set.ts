/** Objects by what they carry: headers, metadata, tags, storage classes, and archives that cannot be read. */
import { type DemoObject, multipart, single } from './demo-object.ts';

const SIZE = 4096;
const TWO_PARTS = [5_242_880, 1000];

/** A header value as its UTF-8 bytes, one character each: what a client that sends non-ASCII metadata puts on the wire. */
function wire(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

const SYSTEM_HEADERS = {
  'cache-control': 'max-age=3600, public',
  'content-disposition': "attachment; filename*=UTF-8''na%C3%AFve.txt",
  'content-encoding': 'gzip',
  'content-language': 'de, en',
  'content-type': 'text/plain; charset=utf-8',
  expires: 'Thu, 01 Jan 2032 00:00:00 GMT',
};

const METADATA = {
  'x-amz-meta-owner': 'carillon',
  'x-amz-meta-place': wire('Zürich'),
  'x-amz-meta-greeting': wire('日本語 😀'),
  'x-amz-meta-encoded': '=?UTF-8?Q?caf=C3=A9?=',
  'x-amz-meta-long': 'v'.repeat(1000),
};

const TAGS = [
  { key: 'project', value: 'campanile & carillon' },
  { key: 'a=b/c+d', value: '100% "quoted"' },
  { key: 'Größe', value: '日本 😀' },
  { key: 'empty', value: '' },
];
const TEN_TAGS = Array.from({ length: 10 }, (_, tag) => ({ key: `tag-${tag}`, value: String(tag).repeat(25) }));

const CLASSES = ['REDUCED_REDUNDANCY', 'STANDARD_IA', 'ONEZONE_IA', 'INTELLIGENT_TIERING', 'GLACIER_IR'];

function classSet(): readonly DemoObject[] {
  return CLASSES.flatMap((storageClass) => [
    single(`classes/${storageClass}/single`, SIZE, { storageClass }),
    multipart(`classes/${storageClass}/multipart`, TWO_PARTS, { storageClass }),
  ]);
}

/** What a copy must skip: archived and not restored. Their keys begin with `archived/`. */
export function archivedSet(): readonly DemoObject[] {
  return [
    single('archived/glacier', SIZE, { storageClass: 'GLACIER' }),
    multipart('archived/glacier-multipart', TWO_PARTS, { storageClass: 'GLACIER' }),
    single('archived/deep-archive', SIZE, { storageClass: 'DEEP_ARCHIVE' }),
    single('archived/intelligent-tiering', SIZE, { storageClass: 'INTELLIGENT_TIERING', archive: 'ARCHIVE_ACCESS' }),
    multipart('archived/intelligent-tiering-multipart', TWO_PARTS, { storageClass: 'INTELLIGENT_TIERING', archive: 'ARCHIVE_ACCESS' }),
  ];
}

/** Archived, but restored for a while: these can be copied. */
function restoredSet(): readonly DemoObject[] {
  return [
    single('restored/glacier', SIZE, { storageClass: 'GLACIER', archive: 'restored' }),
    multipart('restored/deep-archive-multipart', TWO_PARTS, { storageClass: 'DEEP_ARCHIVE', archive: 'restored' }),
  ];
}

/** One object a feature, as a single object and as a multipart one where S3 treats them differently. */
export function featureSet(): readonly DemoObject[] {
  return [
    single('features/system-headers', SIZE, { headers: SYSTEM_HEADERS }),
    multipart('features/system-headers-multipart', TWO_PARTS, { headers: SYSTEM_HEADERS }),
    single('features/metadata', SIZE, { headers: METADATA }),
    multipart('features/metadata-multipart', TWO_PARTS, { headers: METADATA }),
    // CopyObject never carries a redirect, so only a multipart object keeps it (docs/formats.md).
    multipart('features/website-redirect', TWO_PARTS, { headers: { 'x-amz-website-redirect-location': '/elsewhere?x=1' } }),
    single('features/tags', SIZE, { tags: TAGS }),
    multipart('features/tags-multipart', TWO_PARTS, { tags: TAGS }),
    multipart('features/ten-tags', TWO_PARTS, { tags: TEN_TAGS }),
    multipart('features/everything', TWO_PARTS, { headers: { ...SYSTEM_HEADERS, ...METADATA }, tags: TAGS, storageClass: 'STANDARD_IA' }),
    single('features/zero-bytes', 0, { headers: METADATA, tags: TAGS }),
    ...classSet(),
    ...restoredSet(),
  ];
}
