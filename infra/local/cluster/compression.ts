/** Compressed files, told by their suffix as Hadoop's codecs are. */
import type { Transform } from 'node:stream';
import { constants, createDeflate, createGunzip, createGzip, createInflate } from 'node:zlib';
import { JobRefusedError } from './job-refused.ts';

/** A compression that is read and written here. */
export interface Compression {
  /** With its dot, such as `.gz`. */
  readonly suffix: string;
  decompress(): Transform;
  /** @param level - as zlib takes it; default its own */
  compress(level?: number): Transform;
}

const DEFAULT_LEVEL = constants.Z_DEFAULT_COMPRESSION;

/** Values of `zlib.compress.level`, as Hadoop's ZlibCompressor.CompressionLevel names them. */
const LEVELS = ['NO_COMPRESSION', 'BEST_SPEED', 'TWO', 'THREE', 'FOUR', 'FIVE', 'SIX', 'SEVEN', 'EIGHT', 'BEST_COMPRESSION'];

/** The level of that name. @throws JobRefusedError where it is none */
export function compressionLevel(name: string): number {
  if (name === 'DEFAULT_COMPRESSION') return DEFAULT_LEVEL;
  const level = LEVELS.indexOf(name);
  if (level < 0) throw new JobRefusedError(`zlib.compress.level is ${name}; known are DEFAULT_COMPRESSION, ${LEVELS.join(', ')}`);
  return level;
}

/** By Hadoop's class name. */
const CODECS: Readonly<Record<string, Compression>> = {
  'org.apache.hadoop.io.compress.GzipCodec': { suffix: '.gz', decompress: () => createGunzip(), compress: (level = DEFAULT_LEVEL) => createGzip({ level }) },
  'org.apache.hadoop.io.compress.DefaultCodec': {
    suffix: '.deflate',
    decompress: () => createInflate(),
    compress: (level = DEFAULT_LEVEL) => createDeflate({ level }),
  },
};

/** Suffixes that Hadoop decompresses and that nothing here can. */
const UNREADABLE = ['.bz2', '.lz4', '.snappy', '.zst', '.lzo'];

/**
 * The compression of a file; null for plain bytes.
 *
 * @throws JobRefusedError at one that Hadoop reads and the local cluster does not
 */
export function compressionOf(path: string): Compression | null {
  const suffix = UNREADABLE.find((each) => path.endsWith(each));
  if (suffix !== undefined) throw new JobRefusedError(`${path} is compressed as ${suffix}; the local cluster reads plain files, .gz and .deflate`);
  return Object.values(CODECS).find((codec) => path.endsWith(codec.suffix)) ?? null;
}

/** The compression of a codec class. @throws JobRefusedError where it is not known here */
export function compressionNamed(name: string): Compression {
  const codec = CODECS[name];
  if (codec === undefined) throw new JobRefusedError(`Compression codec ${name} was not found; known are ${Object.keys(CODECS).join(' and ')}`);
  return codec;
}
