/** Options that say which objects of the source are meant, and the filters that they make. */
import { STORAGE_CLASSES } from '../../workflows/request/storage-classes.ts';
import type { CliOptions, CliValues } from './option-table.ts';
import { readSize } from './size.ts';

/** They; help tells what a key is matched against. */
export const FILTER_OPTIONS = {
  include: {
    kind: 'texts',
    value: 'GLOB',
    meaning: 'only keys behind the prefix that match it: * any text, ? one character, [a-z], {a,b}; may stand several times',
  },
  exclude: { kind: 'texts', value: 'GLOB', meaning: 'no keys that match it, whatever includes them; may stand several times' },
  'include-regex': { kind: 'texts', value: 'PATTERN', meaning: 'only keys in which this regular expression is found, or that a glob includes' },
  'exclude-regex': { kind: 'texts', value: 'PATTERN', meaning: 'no keys in which it is found' },
  'min-size': { kind: 'text', value: 'SIZE', meaning: 'only objects of at least so many bytes; KiB, MiB, GiB and TiB may follow' },
  'max-size': { kind: 'text', value: 'SIZE', meaning: 'only objects of at most so many bytes' },
  'modified-after': { kind: 'text', value: 'TIME', meaning: 'only objects modified then or later, such as 2026-01-02 or 2026-01-02T03:04:05Z' },
  'modified-before': { kind: 'text', value: 'TIME', meaning: 'only objects modified before' },
  class: { kind: 'texts', value: 'CLASS', meaning: `only objects of this storage class: ${STORAGE_CLASSES.join(', ')}; may stand several times` },
  'except-class': { kind: 'texts', value: 'CLASS', meaning: 'no objects of this storage class; may stand several times' },
} as const satisfies CliOptions;

/** The filters of a command line; the schema judges them. */
export function filtersOf(values: CliValues<typeof FILTER_OPTIONS>): { readonly filters: object; readonly areByKeyAlone: boolean } {
  const byMore = {
    ...given('minSize', readSize('min-size', values['min-size'])),
    ...given('maxSize', readSize('max-size', values['max-size'])),
    ...given('modifiedAfter', values['modified-after']),
    ...given('modifiedBefore', values['modified-before']),
    ...given('classes', values.class),
    ...given('exceptClasses', values['except-class']),
  };
  const byKey = {
    ...given('include', values.include),
    ...given('exclude', values.exclude),
    ...given('includeExpressions', values['include-regex']),
    ...given('excludeExpressions', values['exclude-regex']),
  };
  return { filters: { ...byKey, ...byMore }, areByKeyAlone: Object.keys(byMore).length === 0 };
}

/** A member, where it was given. */
function given(member: string, value: string | number | readonly string[] | undefined): object {
  return value === undefined || (Array.isArray(value) && value.length === 0) ? {} : { [member]: value };
}
