/** Keys of an older listing, from windows at even distances: lines stand in no order over the whole, but in order in stretches. */
import { decodeText } from '../../emr-steps/records/text.ts';
import { type KeysInPlaces, MOST_SAMPLE_BYTES, type PlacedFile, type PointSource, SplitPointsError } from './point-source.ts';

const WINDOW = 32 * 1024;
const WINDOWS = MOST_SAMPLE_BYTES / WINDOW;
const AT_ONCE = 32;
const LINE_FEED = 10;

/** The keys, relative to the prefix of the listing. @throws SplitPointsError where it is compressed or holds none */
export async function listedKeys(location: string, places: PointSource): Promise<KeysInPlaces> {
  const files = (await places.files(location)).filter(({ location: name, size }) => size > 0 && !/(^|\/)[_.][^/]*$/.test(name));
  const packed = files.find(({ location: name }) => name.endsWith('.gz'));
  if (packed !== undefined) throw new SplitPointsError(`${packed.location} is compressed, so that it cannot be read in places; unpack the listing`);
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  if (bytes === 0) throw new SplitPointsError(`${location} holds no listing`);
  const step = Math.max(WINDOW, bytes / WINDOWS);
  const windows = files.flatMap((file) => windowsOf(file, step));
  const texts: string[] = [];
  for (let at = 0; at < windows.length; at += AT_ONCE) {
    texts.push(
      ...(await Promise.all(
        windows.slice(at, at + AT_ONCE).map(async ({ file, from, to }) => linesIn(await places.readRange(file.location, from, to), from > 0)),
      )),
    );
  }
  const lines = texts.flatMap((text) => text.split('\n')).filter((line) => line !== '');
  const read = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return { keys: lines.map(keyOf), total: read === 0 ? 0 : (lines.length * bytes) / read };
}

interface Window {
  readonly file: PlacedFile;
  readonly from: number;
  readonly to: number;
}

function windowsOf(file: PlacedFile, step: number): readonly Window[] {
  const count = Math.max(1, Math.round(file.size / step));
  return Array.from({ length: count }, (_, at) => {
    const from = Math.floor((at * file.size) / count);
    const end = Math.floor(((at + 1) * file.size) / count);
    return { file, from, to: Math.min(end, from + Math.ceil(Math.max(WINDOW, step <= WINDOW ? end - from : WINDOW)), file.size) };
  });
}

/** The whole lines of a window. */
function linesIn(bytes: Uint8Array, isCutOff: boolean): string {
  const from = isCutOff ? bytes.indexOf(LINE_FEED) + 1 : 0;
  const to = bytes.lastIndexOf(LINE_FEED) + 1;
  return to > from ? new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(from, to)) : '';
}

/** Campanile's keys are not encoded: what is no encoding stands for itself, which is good enough for a split point. */
function keyOf(line: string): string {
  const column = line.slice(0, Math.max(0, line.indexOf('\t')));
  try {
    return decodeText(column);
  } catch {
    return column;
  }
}
