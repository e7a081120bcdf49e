/** Paths, templates and intrinsic functions of a definition, evaluated on a sample: what does not exist is an error, as on AWS. */

/** Thrown where a path does not exist; on AWS nothing catches that. */
export class PathMissingError extends Error {
  override readonly name = 'PathMissingError';
}

type Json = unknown;
type Object_ = Readonly<Record<string, Json>>;

/** What a state's paths are read from. */
export interface Sources {
  readonly data: Json;
  readonly context: Json;
}

/** The value at a path or of an intrinsic function. @throws PathMissingError */
export function evaluated(expression: string, from: Sources): Json {
  if (expression.startsWith('States.')) return functionValue(expression, from);
  const [root, rest] = expression.startsWith('$$') ? [from.context, expression.slice(2)] : [from.data, expression.slice(1)];
  return [...rest.matchAll(/\.([A-Za-z_]\w*)|\[(\d+)\]/g)].reduce<Json>((value, [, name, index]) => {
    const member = name ?? Number(index);
    if (typeof value !== 'object' || value === null || !(member in value)) throw new PathMissingError(`${expression} does not exist`);
    return (value as Record<string | number, Json>)[member];
  }, root);
}

/** A payload template with every `name.$` filled in. */
export function filled(template: Json, from: Sources): Json {
  if (Array.isArray(template)) return template.map((item) => filled(item, from));
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(
    Object.entries(template).map(([name, value]) => (name.endsWith('.$') ? [name.slice(0, -2), evaluated(String(value), from)] : [name, filled(value, from)])),
  );
}

/** The data with a value put to a path of names; `$`: the value takes its place, null: it is dropped. */
export function put(data: Json, path: string | null | undefined, value: Json): Json {
  if (path === null) return data;
  const names = (path ?? '$')
    .slice(2)
    .split('.')
    .filter((name) => name !== '');
  return putAt(data, names, value);
}

function putAt(data: Json, [name, ...rest]: readonly string[], value: Json): Json {
  if (name === undefined) return value;
  const object = (typeof data === 'object' && data !== null ? data : {}) as Object_;
  return { ...object, [name]: putAt(object[name], rest, value) };
}

function functionValue(expression: string, from: Sources): Json {
  const [, name = '', list = ''] = /^States\.(\w+)\((.*)\)$/.exec(expression) ?? [];
  const args = (list.match(/'[^']*'|[^,]+/g) ?? []).map((text) => argument(text.trim(), from));
  switch (name) {
    case 'Format':
      return args.slice(1).reduce<string>((text, arg) => text.replace('{}', String(arg)), String(args[0]));
    case 'StringToJson':
      return JSON.parse(String(args[0]));
    case 'JsonToString':
      return JSON.stringify(args[0]);
    case 'MathAdd':
      return Number(args[0]) + Number(args[1]);
    case 'UUID':
      return '00000000-0000-4000-8000-000000000000';
    default:
      throw new Error(`nobody has taught the walk ${expression}`);
  }
}

function argument(text: string, from: Sources): Json {
  if (text.startsWith("'")) return text.slice(1, -1);
  return text.startsWith('$') ? evaluated(text, from) : Number(text);
}
