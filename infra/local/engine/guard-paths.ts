/** Paths and intrinsic functions of a definition, as far as the interpreter reads them otherwise than AWS. */

/** Names and indexes only: everything else is a query, which two libraries answer in two ways. */
const REFERENCE = /^\$(\.[A-Za-z_][A-Za-z0-9_]*|\[\d+\])*$/;

/** What the engine knows of the execution. In a branch the interpreter's own input and start would be those of the branch. */
const CONTEXT = new Set(['$$.Execution.Id', '$$.Execution.Name', '$$.Execution.StartTime']);
const MAP_CONTEXT = new Set(['$$.Map.Item.Index', '$$.Map.Item.Value']);

/** Members whose value is a path. */
const PATH_MEMBERS = new Set(['InputPath', 'OutputPath', 'ResultPath', 'ItemsPath', 'MaxConcurrencyPath', 'Variable', 'CausePath', 'ErrorPath']);

/** Problems of every path below a member of a state. @param isInSelector - of a Map, where the item can be referred to */
export function pathProblems(name: string, value: unknown, isInSelector = false): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => pathProblems(name, item, isInSelector));
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([member, inner]) => pathProblems(member, inner, isInSelector || member === 'ItemSelector'));
  if (typeof value !== 'string' || !(name.endsWith('.$') || PATH_MEMBERS.has(name) || /(Equals|Than|Matches)Path$/.test(name))) return [];
  if (!value.startsWith('States.')) return referenceProblems(value, isInSelector);
  return name.endsWith('.$')
    ? functionProblems(value, isInSelector)
    : [`${name} ${value} is a function, which is not called there; let a Pass before it do that`];
}

function referenceProblems(path: string, isInSelector: boolean): readonly string[] {
  if (path.startsWith('$$')) {
    const known = CONTEXT.has(path) || (isInSelector && MAP_CONTEXT.has(path));
    return known ? [] : [`${path} of the context object is not known here; known are ${[...CONTEXT].join(', ')}`];
  }
  if (path.endsWith('.length')) return [`${path} would be a length here and an error on AWS`];
  return REFERENCE.test(path) ? [] : [`${path} is more than a path of names and indexes, which AWS may read otherwise`];
}

/** The interpreter takes escapes for themselves. */
function functionProblems(call: string, isInSelector: boolean): readonly string[] {
  if (call.includes('\\')) return [`${call} holds an escape, which is not read here`];
  const references = call.replace(/'[^']*'/g, '').match(/\$[^\s,)]*/g) ?? [];
  return references.flatMap((path) => referenceProblems(path, isInSelector));
}
