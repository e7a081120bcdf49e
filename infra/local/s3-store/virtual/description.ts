/**
 * How a virtual bucket is described on a command line: `flat:1000000`, or with settings
 * `dated:1000000,multipart=0.05,parts=2-4,size=1-1000000,name=logs`, and `sink:` before it for a destination that expects these objects.
 */
import { DEFAULT_TRAITS, type ObjectTraits, withTrait } from './object-traits.ts';
import { isShapeName, SHAPE_NAMES, type ShapeName } from './shape-names.ts';
import { VirtualBucketError } from './virtual-bucket-error.ts';

/** `source`: holds every key of its shape and cannot be written. `sink`: holds nothing; counts what is written. */
export type VirtualRole = 'source' | 'sink';

/** A virtual bucket, described. */
export interface VirtualDescription {
  readonly name: string;
  readonly role: VirtualRole;
  readonly shape: ShapeName;
  readonly count: number;
  /** What every key begins with. */
  readonly prefix: string;
  readonly traits: ObjectTraits;
  /** Of a sink: whether a look-up finds the object that is expected under its key, written or not, for clients that look at what they wrote. */
  readonly lookUps: boolean;
}

const TRAIT_NAMES = 'size, multipart, part-size, parts, archived, changed';

function readYes(value: string): boolean {
  if (value !== 'yes' && value !== 'no') throw new VirtualBucketError(`look-ups=${value} is neither yes nor no`);
  return value === 'yes';
}

function withSetting(description: VirtualDescription, setting: string): VirtualDescription {
  const equals = setting.indexOf('=');
  const [name, value] = [setting.slice(0, Math.max(equals, 0)), setting.slice(equals + 1)];
  if (name === 'name') return { ...description, name: value };
  if (name === 'prefix') return { ...description, prefix: value };
  if (name === 'look-ups' && description.role === 'sink') return { ...description, lookUps: readYes(value) };
  const traits = withTrait(description.traits, name, value);
  if (traits === null)
    throw new VirtualBucketError(`unknown setting ${JSON.stringify(setting)} of a virtual bucket; known are name, prefix, ${TRAIT_NAMES}; of a sink look-ups`);
  return { ...description, traits };
}

/**
 * Reads a description. The bucket is named like its shape, such as `virtual-flat`, or `sink-flat`, unless it says otherwise.
 *
 * @throws VirtualBucketError with what is wrong and what would be right
 */
export function describeVirtual(text: string): VirtualDescription {
  const [head = '', ...settings] = text.split(',');
  const words = head.split(':');
  const role: VirtualRole = words[0] === 'sink' ? 'sink' : 'source';
  const [shape = '', count = ''] = role === 'sink' ? words.slice(1) : words;
  if (!isShapeName(shape)) throw new VirtualBucketError(`${JSON.stringify(shape)} in ${JSON.stringify(text)} is no shape; known are ${SHAPE_NAMES.join(', ')}`);
  if (!/^[1-9]\d*$/.test(count)) throw new VirtualBucketError(`${JSON.stringify(text)} has no number of keys; write ${shape}:1000000`);
  const name = `${role === 'sink' ? 'sink' : 'virtual'}-${shape}`;
  const plain: VirtualDescription = { name, role, shape, count: Number(count), prefix: '', traits: DEFAULT_TRAITS, lookUps: false };
  return settings.reduce(withSetting, plain);
}
