/** A pair of buckets that is kept by name: what its runs are asked, and whether they go on where the last one stood. */
import * as z from 'zod';

const pairSchema = z.strictObject({
  request: z.record(z.string(), z.unknown()),
  incremental: z.boolean().default(false),
  overlapMinutes: z.int().min(0).default(1440),
});

/** A pair with its defaults. */
export type Pair = z.output<typeof pairSchema>;

/** Thrown where a pair is not there, or cannot be used. Final: people mend the parameter. */
export class PairError extends Error {
  override readonly name = 'PairError';
  readonly code = 'PAIR_UNUSABLE';
  readonly retryable = false;
}

/** Reads a pair. @param place - for the message @throws PairError */
export function parsePair(text: string, place: string): Pair {
  const { success, data, error } = pairSchema.safeParse(jsonOf(text, place));
  if (!success) throw new PairError(`${place}: ${error.issues.map(({ path, message }) => `${path.join('.') || 'the pair'} ${message}`).join('; ')}`);
  if (data.incremental && data.request.verify !== true)
    throw new PairError(`${place}: an incremental pair needs verify true in its request, since its watermark moves after a verified end only`);
  return data;
}

function jsonOf(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new PairError(`${place} is no JSON; {"request": {…}, "incremental": false} is needed`);
  }
}
