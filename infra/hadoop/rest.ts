/** Hadoop's web services. What they say is for showing and for explaining: where they do not answer, a step goes on all the same. */

/** One service, at one or several addresses. */
export interface Rest {
  /** The answer; null where there is none, or none that is JSON. */
  get(path: string): Promise<unknown>;
  /** Whether somebody accepted it. */
  put(path: string, body: object): Promise<boolean>;
  /** The text at a path; null where there is none. */
  text(path: string): Promise<string | null>;
}

/** Longest wait for an answer, in milliseconds. */
const PATIENCE = 10_000;

/**
 * A service; the address that answered last is asked first.
 *
 * @param addresses - base URLs
 * @param user - who asks, by Hadoop's simple authentication
 */
export function rest(addresses: readonly string[], user: string): Rest {
  let first = 0;
  const ask = async <T>(path: string, init: RequestInit, read: (answer: Response) => Promise<T | null>): Promise<T | null> => {
    for (let tried = 0; tried < addresses.length; tried += 1) {
      const at = (first + tried) % addresses.length;
      const found = await answerOf(`${addresses[at]}${path}${path.includes('?') ? '&' : '?'}user.name=${encodeURIComponent(user)}`, init, read);
      if (found === null) continue;
      first = at;
      return found;
    }
    return null;
  };
  const asJson = { headers: { accept: 'application/json' } };
  return {
    get: (path) => ask(path, asJson, async (answer) => (isJson(answer) ? ((await answer.json()) as unknown) : null)),
    put: async (path, body) => {
      const headers = { ...asJson.headers, 'content-type': 'application/json' };
      return (await ask(path, { method: 'PUT', headers, body: JSON.stringify(body) }, async () => true)) ?? false;
    },
    text: (path) => ask(path, {}, (answer) => answer.text()),
  };
}

async function answerOf<T>(url: string, init: RequestInit, read: (answer: Response) => Promise<T | null>): Promise<T | null> {
  try {
    const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(PATIENCE) });
    if (answer.ok) return await read(answer);
    await answer.body?.cancel();
    return null;
  } catch {
    return null;
  }
}

/** Pages are answered, too: a job that has ended leads to one. */
function isJson({ headers }: Response): boolean {
  return (headers.get('content-type') ?? '').includes('json');
}
