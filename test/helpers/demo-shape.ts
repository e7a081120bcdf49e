/** What an estimate must know of the demo's objects. */
import type { DemoObject } from '../../cli/demo/demo-object.ts';
import type { BucketShape } from '../../workflows/estimate/bucket-shape.ts';

type PartedObject = DemoObject & { readonly parts: readonly number[] };

const ARCHIVES = ['GLACIER', 'DEEP_ARCHIVE'];

function counted(objects: readonly PartedObject[]): { objects: number; parts: number } {
  return { objects: objects.length, parts: objects.reduce((sum, { parts }) => sum + parts.length, 0) };
}

/** Whether part 1, the size and the number of parts would be those of an upload of equal parts. */
function looksEqual({ parts, size }: PartedObject): boolean {
  const last = size - (parts.length - 1) * (parts[0] as number);
  return last > 0 && last <= (parts[0] as number);
}

function isEqual({ parts }: PartedObject): boolean {
  return parts.slice(0, -1).every((part) => part === parts[0]) && (parts.at(-1) as number) <= (parts[0] as number);
}

/** The shape. */
export function demoShape(objects: readonly DemoObject[]): Partial<BucketShape> {
  const archived = objects.filter(({ storageClass, archive }) => ARCHIVES.includes(storageClass ?? '') && archive !== 'restored');
  const archivedTier = objects.filter(({ archive }) => archive === 'ARCHIVE_ACCESS');
  const parted = objects.filter((object): object is PartedObject => object.parts !== null && !archived.includes(object) && !archivedTier.includes(object));
  const unequal = parted.filter((object) => object.parts.length > 1 && !isEqual(object));
  return {
    objects: objects.length,
    bytes: objects.reduce((sum, { size }) => sum + size, 0),
    archived: archived.length,
    archivedTier: archivedTier.length,
    multipart: counted(parted),
    unequal: counted(unequal.filter((object) => !looksEqual(object))),
    asIfEqual: counted(unequal.filter(looksEqual)),
    tagged: parted.filter(({ tags }) => tags.length > 0).length,
  };
}
