/** Options of the programs that follow from the request's filters and rules of fidelity. */
import type { FIDELITY_OPTIONS, FILTER_OPTIONS } from '../../emr-steps/records/program-options.ts';
import type { OptionInput } from '../../emr-steps/records/step-arguments.ts';
import type { Filters } from '../request/filters.ts';
import type { RunRequest } from '../request/run-request.ts';

/** What the programs that write objects are told. */
export function fidelityOptions({ storageClass, encryption, acl, tags, checksums, redirects }: RunRequest['copy']): OptionInput<typeof FIDELITY_OPTIONS> {
  return {
    'storage-class': storageClass,
    encryption: encryption.kind,
    'kms-key': encryption.key,
    'kms-key-map': Object.entries(encryption.keyMap ?? {}).map(([source, destination]) => `${source}=${destination}`),
    'bucket-key': encryption.bucketKey,
    acl,
    tags,
    checksums,
    redirects,
  };
}

/** What the listing of a side is told. Of the destination only keys are filtered: its sizes, times and classes are not the source's. */
export function filterOptions(filters: Filters, side: 'source' | 'destination'): OptionInput<typeof FILTER_OPTIONS> {
  const keys = {
    include: filters.include,
    exclude: filters.exclude,
    'include-regex': filters.includeExpressions,
    'exclude-regex': filters.excludeExpressions,
  };
  if (side === 'destination') return keys;
  return {
    ...keys,
    'min-size': filters.minSize,
    'max-size': filters.maxSize,
    'modified-after': timeOf(filters.modifiedAfter),
    'modified-before': timeOf(filters.modifiedBefore),
    'only-class': filters.classes,
    'except-class': filters.exceptClasses,
  };
}

function timeOf(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text);
}
