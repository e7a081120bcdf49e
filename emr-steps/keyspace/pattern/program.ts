/** Patterns as a program for a machine with many places at once (Thompson's construction). */
import { PatternError } from './pattern-error.ts';
import type { CharacterSet, Syntax } from './syntax.ts';

/** One step of the machine. Places are indexes into the program. */
export type Step =
  | { readonly kind: 'one'; readonly of: CharacterSet; readonly next: number }
  | { readonly kind: 'start' | 'end'; readonly next: number }
  | { readonly kind: 'split'; readonly next: number; readonly other: number }
  | { readonly kind: 'found' };

/** The program; it begins at its last step. */
export type Program = readonly Step[];

/** Steps of a program: what matching a character costs at most. */
const MOST_STEPS = 10_000;

/** The program of a form. @throws PatternError where it grows too large, as `a{1000}{1000}` would */
export function compile(syntax: Syntax, pattern: string): Program {
  const steps: Step[] = [{ kind: 'found' }];
  const add = (step: Step): number => {
    if (steps.length >= MOST_STEPS) throw new PatternError(pattern, `comes to more than ${MOST_STEPS} steps; repeat less`);
    return steps.push(step) - 1;
  };
  const first = emit(syntax, 0, steps, add);
  // The program begins at its last step, whatever that is.
  add({ kind: 'split', next: first, other: first });
  return steps;
}

type Add = (step: Step) => number;

/** Adds the steps of a form, behind which the machine goes on at `next`. @returns where the form begins */
function emit(syntax: Syntax, next: number, steps: Step[], add: Add): number {
  switch (syntax.kind) {
    case 'one':
      return add({ kind: 'one', of: syntax.of, next });
    case 'start':
    case 'end':
      return add({ kind: syntax.kind, next });
    case 'sequence':
      return syntax.parts.reduceRight((after, part) => emit(part, after, steps, add), next);
    case 'choice':
      if (syntax.parts.length === 0) return add({ kind: 'one', of: () => false, next });
      return syntax.parts.map((part) => emit(part, next, steps, add)).reduceRight((other, one) => add({ kind: 'split', next: one, other }));
    case 'repeat':
      return emitRepeat(syntax, next, steps, add);
  }
}

/** A form that stands for no step need not be repeated. */
function emitRepeat({ part, least, most }: Syntax & { kind: 'repeat' }, next: number, steps: Step[], add: Add): number {
  let first = most === null ? emitStar(part, next, steps, add) : next;
  for (let n = least; n < (most ?? 0); n += 1) {
    const body = emit(part, first, steps, add);
    if (body === first) break;
    first = add({ kind: 'split', next: body, other: next });
  }
  for (let n = 0; n < least; n += 1) {
    const body = emit(part, first, steps, add);
    if (body === first) break;
    first = body;
  }
  return first;
}

/** The loop's place is known before its body: it is put there and then filled. */
function emitStar(part: Syntax, next: number, steps: Step[], add: Add): number {
  const loop = add({ kind: 'split', next, other: next });
  steps[loop] = { kind: 'split', next: emit(part, loop, steps, add), other: next };
  return loop;
}
