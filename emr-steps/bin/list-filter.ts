/** From the options of list-objects to its filter. */
import { PatternError } from '../keyspace/pattern/pattern-error.ts';
import { isOpen, type ListFilter, RowFilter } from '../list/row-filter.ts';
import type { FILTER_OPTIONS } from '../records/program-options.ts';
import { type OptionValues, StepArgumentError } from '../records/step-arguments.ts';

/** The filter; null where every object stays. @throws StepArgumentError at a pattern that cannot be used */
export function rowFilterOf(options: OptionValues<typeof FILTER_OPTIONS>): RowFilter | null {
  const filter: ListFilter = {
    include: { globs: options.include, expressions: options['include-regex'] },
    exclude: { globs: options.exclude, expressions: options['exclude-regex'] },
    minSize: options['min-size'] ?? null,
    maxSize: options['max-size'] ?? null,
    modifiedAfter: options['modified-after'] ?? null,
    modifiedBefore: options['modified-before'] ?? null,
    classes: options['only-class'],
    exceptClasses: options['except-class'],
  };
  try {
    return isOpen(filter) ? null : new RowFilter(filter);
  } catch (error) {
    if (error instanceof PatternError) throw new StepArgumentError(error.message);
    throw error;
  }
}
