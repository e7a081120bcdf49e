/** Which objects of the source are the run's: the others are left out of the listing, and of the books. */
import * as z from 'zod';
import { KeyMatcher } from '../../emr-steps/keyspace/pattern/key-matcher.ts';
import { PatternError } from '../../emr-steps/keyspace/pattern/pattern-error.ts';
import type { Problem } from './problem.ts';
import { STORAGE_CLASSES } from './storage-classes.ts';

const MOST_PATTERNS = 100;

function whyNot(kind: 'globs' | 'expressions', pattern: string): string | null {
  try {
    new KeyMatcher({ globs: [], expressions: [], [kind]: [pattern] });
    return null;
  } catch (error) {
    if (error instanceof PatternError) return error.why;
    throw error;
  }
}

function patterns(kind: 'globs' | 'expressions') {
  const pattern = z.string().superRefine((text, context) => {
    const why = whyNot(kind, text);
    if (why !== null) context.addIssue({ code: 'custom', message: why });
  });
  return z.array(pattern).max(MOST_PATTERNS).default([]);
}

const INSTANT = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d))?$/;
const time = z
  .string()
  .refine(
    (text) => INSTANT.test(text) && !Number.isNaN(new Date(text).getTime()),
    'is no time with its offset, such as 2026-01-02T03:04:05Z, and no day, such as 2026-01-02',
  );
const size = z.int().min(0);
const classes = z.array(z.enum(STORAGE_CLASSES)).default([]);

/** The schema of the filters. */
export const filtersSchema = z
  .strictObject({
    include: patterns('globs').describe(
      'Globs of which a key behind the prefix must match one: * any text, slashes too; ? one character; [a-z]; {a,b}. Default: none, every key.',
    ),
    exclude: patterns('globs').describe('Globs of which it must match none, whatever includes it. Default: none.'),
    includeExpressions: patterns('expressions').describe(
      'Regular expressions of JavaScript, of which one must be found in the key, where no glob of include matches it. Without references back and looking around. Default: none.',
    ),
    excludeExpressions: patterns('expressions').describe('Regular expressions of which none may be found in the key. Default: none.'),
    minSize: size.optional().describe('Least bytes. Default: any.'),
    maxSize: size.optional().describe('Most bytes. Default: any.'),
    modifiedAfter: time.optional().describe('Modified at this time or later. Default: any.'),
    modifiedBefore: time.optional().describe('Modified before this time. Default: any.'),
    classes: classes.describe('Storage classes of which it must have one. Default: any.'),
    exceptClasses: classes.describe('Storage classes of which it must have none. Default: none.'),
  })
  .prefault({})
  .describe(
    'Which objects of the source are the run’s; the others are left out of the books too. Patterns of keys hold for the listing of the destination as well. Default: all.',
  );

/** The filters with every default filled in. */
export type Filters = z.output<typeof filtersSchema>;

/** Whether objects are left out by something else than their keys, so that the destination cannot be filtered alike. */
export function filtersByMoreThanKeys(filters: Filters): boolean {
  const { minSize, maxSize, modifiedAfter, modifiedBefore, classes: only, exceptClasses } = filters;
  return [minSize, maxSize, modifiedAfter, modifiedBefore].some((limit) => limit !== undefined) || only.length + exceptClasses.length > 0;
}

/** What each filter allows alone but not together with another. */
export function filterProblems(filters: Filters): readonly Problem[] {
  const { minSize, maxSize, modifiedAfter, modifiedBefore } = filters;
  const problems: Problem[] = [];
  if (minSize !== undefined && maxSize !== undefined && minSize > maxSize)
    problems.push({ path: ['filters', 'maxSize'], message: 'is less than minSize, so that no object would be left' });
  if (modifiedAfter !== undefined && modifiedBefore !== undefined && new Date(modifiedAfter) >= new Date(modifiedBefore))
    problems.push({ path: ['filters', 'modifiedBefore'], message: 'is not after modifiedAfter, so that no object would be left' });
  return problems;
}
