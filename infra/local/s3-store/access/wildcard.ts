/** Patterns of policies: `*` for any run of characters, `?` for one. */

const compiled = new Map<string, RegExp>();

function compile(pattern: string): RegExp {
  const source = pattern.replace(/[.*+?^${}()|[\]\\]/g, (sign) => (sign === '*' ? '[^]*' : sign === '?' ? '[^]' : `\\${sign}`));
  return new RegExp(`^${source}$`);
}

/** Whether a value fits a pattern, capitals told apart. */
export function fitsWildcard(pattern: string, value: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern === value;
  let expression = compiled.get(pattern);
  if (expression === undefined) {
    expression = compile(pattern);
    compiled.set(pattern, expression);
  }
  return expression.test(value);
}
