/**
 * Paths into what flows through a state machine, checked by the compiler: `at('decided.plan.steps.copyObjects.args')` is a reference to a
 * list of strings, and stands only where one is wanted. Renaming a field breaks the build, not a run.
 */

/** A reference to a value of type T, as a definition writes it: a JSONPath or an intrinsic function. */
export interface Ref<out T> {
  readonly path: string;
  /** Only a type. */
  readonly type?: T;
}

/** Every dotted path into T. A member that may be null is walked through; that it isn't null there is for the walk over the graph to show. */
export type PathIn<T> = T extends readonly unknown[]
  ? never
  : T extends object
    ? { [K in keyof T & string]: K | `${K}.${PathIn<NonNullable<T[K]>>}` }[keyof T & string]
    : never;

/** The type of what lies at a path. */
export type ValueAt<T, P extends string> = P extends `${infer K}.${infer Rest}`
  ? K extends keyof T
    ? ValueAt<NonNullable<T[K]>, Rest>
    : never
  : P extends keyof T
    ? T[P]
    : never;

/** The references of a state machine whose states are of type T. */
export function pathsIn<T>(): <P extends PathIn<T>>(path: P) => Ref<ValueAt<T, P>> {
  return (path) => ({ path: `$.${path}` });
}

/** The state as a whole. */
export const WHOLE: Ref<unknown> = { path: '$' };

/** What the service knows of the execution. */
export const CONTEXT = {
  executionArn: { path: '$$.Execution.Id' } as Ref<string>,
  executionName: { path: '$$.Execution.Name' } as Ref<string>,
  startedAt: { path: '$$.Execution.StartTime' } as Ref<string>,
} as const;

/** A text with references in place of `{}`. */
export function format(template: string, ...values: readonly Ref<unknown>[]): Ref<string> {
  return { path: `States.Format('${template}', ${values.map(({ path }) => path).join(', ')})` };
}

/** What lies at a reference, as JSON text. */
export function jsonText({ path }: Ref<unknown>): Ref<string> {
  return { path: `States.JsonToString(${path})` };
}

/** What must stand where a T is wanted: a literal, a reference, or members that are each one of these. */
export type Template<T> =
  | Ref<T>
  | (T extends readonly (infer E)[] ? readonly Template<E>[] : T extends object ? { readonly [K in keyof T]: Template<T[K]> } : T);

/** The template as a definition writes it: references as `"name.$": "$.path"`. */
export function rendered(template: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(template).map(([name, value]) => (isRef(value) ? [`${name}.$`, value.path] : [name, renderedValue(value)])));
}

function renderedValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(renderedItem);
  return typeof value === 'object' && value !== null ? rendered(value as Record<string, unknown>) : value;
}

/** A list holds no names that `.$` could be put to; a list of references is written with an intrinsic function instead. */
function renderedItem(value: unknown): unknown {
  if (isRef(value)) throw new TypeError(`a list of a definition can't hold the reference ${value.path}`);
  return renderedValue(value);
}

function isRef(value: unknown): value is Ref<unknown> {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 1 && 'path' in value && typeof value.path === 'string';
}
