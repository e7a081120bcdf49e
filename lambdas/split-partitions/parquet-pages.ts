/** Keys from the first pages of a row group's column. A page is compressed as a whole, so that none can be read in part. */
import { parquetSchema } from 'hyparquet';
import { parquetHeader, readPage } from 'hyparquet/src/column.js';
import { convert, DEFAULT_PARSERS } from 'hyparquet/src/convert.js';
import { decoding, type KeyChunk, unreadable } from './parquet-footer.ts';
import type { PointSource } from './point-source.ts';
import type { ReadAllowance } from './read-allowance.ts';

/** First look at a column: more than the header of any page. */
const WINDOW = 64 * 1024;

type PageReader = Parameters<typeof parquetHeader>[0];
type PageHeader = ReturnType<typeof parquetHeader>;
type Decoder = Parameters<typeof readPage>[2];

/** Whole pages in some bytes. */
interface Pages {
  readonly keys: readonly string[];
  /** Bytes up to the end of the page that is not whole, as far as that is known. */
  readonly needed: number;
}

/** The keys in the chunk's first `most` bytes, or of its first page where that is longer; empty where so much may not be read. @throws SplitPointsError */
export async function readFirstKeys(chunk: KeyChunk, most: number, places: PointSource, allowance: ReadAllowance): Promise<readonly string[]> {
  const { from, size } = placeOf(chunk);
  for (let window = Math.min(size, Math.max(WINDOW, most)); allowance.take(window); ) {
    const bytes = await places.readRange(chunk.file.location, from, from + window);
    const { keys, needed } = decoding(chunk.file, () => pagesIn(chunk, bytes));
    if (keys.length > 0 || window >= size) return keys;
    window = Math.min(size, Math.max(needed, 2 * window));
  }
  return [];
}

function placeOf({ metadata, group, column, file }: KeyChunk): { readonly from: number; readonly size: number } {
  const meta = metadata.row_groups[group]?.columns[column]?.meta_data;
  if (meta === undefined) throw unreadable(file, 'a row group says nothing of its columns');
  return { from: Number(meta.dictionary_page_offset || meta.data_page_offset), size: Number(meta.total_compressed_size) };
}

function pagesIn(chunk: KeyChunk, bytes: Uint8Array): Pages {
  const decoder = decoderOf(chunk);
  const reader: PageReader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), offset: 0 };
  const keys: string[] = [];
  let dictionary: Parameters<typeof readPage>[3];
  while (reader.offset < bytes.length) {
    const header = headerAt(reader);
    if (header === null || reader.offset + header.compressed_page_size > bytes.length)
      return { keys, needed: reader.offset + (header?.compressed_page_size ?? 0) };
    const { data = [] } = readPage(reader, header, decoder, dictionary, undefined, 0);
    if (header.type === 'DICTIONARY_PAGE') dictionary = convert(data, decoder);
    else for (const key of data) if (typeof key === 'string') keys.push(key);
  }
  return { keys, needed: reader.offset };
}

/** Null where the bytes end in it. */
function headerAt(reader: PageReader): PageHeader | null {
  try {
    return parquetHeader(reader);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function decoderOf({ metadata, group, column, file }: KeyChunk): Decoder {
  const meta = metadata.row_groups[group]?.columns[column]?.meta_data;
  const root = parquetSchema(metadata);
  const leaf = root.children.find(({ element }) => element.name === meta?.path_in_schema[0]);
  if (meta === undefined || leaf === undefined) throw unreadable(file, 'its schema does not tell of its columns');
  const { codec, type, path_in_schema: pathInSchema } = meta;
  return { codec, type, pathInSchema, element: leaf.element, schemaPath: [root, leaf], parsers: DEFAULT_PARSERS };
}
