/** What somebody wrote for one pair, over what holds for all of them. */

type Members = Readonly<Record<string, unknown>>;

/** Words at the beginning of an object that tell which form it has. */
const TELLING = ['use', 'from', 'kind'] as const;

/** `own` over `defaults`: objects member by member, but as a whole where their telling word differs; everything else replaces. */
export function laidOver(defaults: Members, own: Members): Members {
  const merged: Record<string, unknown> = { ...defaults };
  for (const [name, value] of Object.entries(own)) {
    const below = merged[name];
    merged[name] = isMembers(below) && isMembers(value) && haveOneForm(below, value) ? laidOver(below, value) : value;
  }
  return merged;
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function haveOneForm(defaults: Members, own: Members): boolean {
  return TELLING.every((word) => own[word] === undefined || defaults[word] === undefined || own[word] === defaults[word]);
}
