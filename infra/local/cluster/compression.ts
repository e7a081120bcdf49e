/** Compressed files, told by their suffix as Hadoop's codecs are. */
import type { Transform } from 'node:stream';
import { constants, createDeflate, createGunzip, createGzip, createInflate, createZstdCompress, createZstdDecompress, type ZlibOptions } from 'node:zlib';
import { JobRefusedError } from './job-refused.ts';

/** A compression that is read here. */
export interface ReadCompression {
  /** With its dot, such as `.gz`. */
  readonly suffix: string;
  decompress(): Transform;
}

/** One that is written, at its level. */
export interface Compression extends ReadCompression {
  compress(): Transform;
}

/** A codec of Hadoop, whose level a setting of the job names. */
export interface Codec extends ReadCompression {
  readonly levelProperty: string;
  /** @param level - the setting's value; Hadoop's default unless given @throws JobRefusedError where it is none */
  compressAt(level?: string): () => Transform;
}

const DEFAULT_LEVEL = 'DEFAULT_COMPRESSION';

const ZLIB_LEVEL = 'zlib.compress.level';
const ZSTD_LEVEL = 'io.compression.codec.zstd.level';
/** Hadoop's, not the library's. */
const DEFAULT_ZSTD_LEVEL = '3';
const MOST_ZSTD_LEVEL = 22;

/** Values of `zlib.compress.level`, as Hadoop's ZlibCompressor.CompressionLevel names them. */
const LEVELS = ['NO_COMPRESSION', 'BEST_SPEED', 'TWO', 'THREE', 'FOUR', 'FIVE', 'SIX', 'SEVEN', 'EIGHT', 'BEST_COMPRESSION'];

function zlibAt(create: (options: ZlibOptions) => Transform): Codec['compressAt'] {
  return (name = DEFAULT_LEVEL) => {
    const level = name === DEFAULT_LEVEL ? constants.Z_DEFAULT_COMPRESSION : LEVELS.indexOf(name);
    if (level < 0 && name !== DEFAULT_LEVEL) throw new JobRefusedError(`${ZLIB_LEVEL} is ${name}; known are ${DEFAULT_LEVEL}, ${LEVELS.join(', ')}`);
    return () => create({ level });
  };
}

function zstdAt(text = DEFAULT_ZSTD_LEVEL): () => Transform {
  const level = Number(text);
  if (!Number.isInteger(level) || level < 1 || level > MOST_ZSTD_LEVEL)
    throw new JobRefusedError(`${ZSTD_LEVEL} is ${text}; known are 1 to ${MOST_ZSTD_LEVEL}`);
  return () => createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: level } });
}

/** By Hadoop's class name. */
const CODECS: Readonly<Record<string, Codec>> = {
  'org.apache.hadoop.io.compress.GzipCodec': {
    suffix: '.gz',
    levelProperty: ZLIB_LEVEL,
    decompress: () => createGunzip(),
    compressAt: zlibAt(createGzip),
  },
  'org.apache.hadoop.io.compress.DefaultCodec': {
    suffix: '.deflate',
    levelProperty: ZLIB_LEVEL,
    decompress: () => createInflate(),
    compressAt: zlibAt(createDeflate),
  },
  'org.apache.hadoop.io.compress.ZStandardCodec': {
    suffix: '.zst',
    levelProperty: ZSTD_LEVEL,
    decompress: () => createZstdDecompress(),
    compressAt: zstdAt,
  },
};

/** Suffixes that Hadoop decompresses and that nothing here can. */
const UNREADABLE = ['.bz2', '.lz4', '.snappy', '.lzo'];

/**
 * The compression of a file; null for plain bytes.
 *
 * @throws JobRefusedError at one that Hadoop reads and the local cluster does not
 */
export function compressionOf(path: string): ReadCompression | null {
  const suffix = UNREADABLE.find((each) => path.endsWith(each));
  if (suffix !== undefined) throw new JobRefusedError(`${path} is compressed as ${suffix}; the local cluster reads plain files, .gz, .deflate and .zst`);
  return Object.values(CODECS).find((codec) => path.endsWith(codec.suffix)) ?? null;
}

/** The compression of a codec class. @throws JobRefusedError where it is not known here */
export function compressionNamed(name: string): Codec {
  const codec = CODECS[name];
  if (codec === undefined) throw new JobRefusedError(`Compression codec ${name} was not found; known are ${Object.keys(CODECS).join(', ')}`);
  return codec;
}
