/** What globs and regular expressions come to: the same few forms. */

/** A set of characters, by code point. */
export type CharacterSet = (codePoint: number) => boolean;

/** A form of text. `start` and `end` stand for no text, at the ends of the key alone. */
export type Syntax =
  | { readonly kind: 'one'; readonly of: CharacterSet }
  | { readonly kind: 'start' }
  | { readonly kind: 'end' }
  | { readonly kind: 'sequence'; readonly parts: readonly Syntax[] }
  | { readonly kind: 'choice'; readonly parts: readonly Syntax[] }
  /** `most` null: without end. */
  | { readonly kind: 'repeat'; readonly part: Syntax; readonly least: number; readonly most: number | null };

/** Any character, line ends too: a key may hold them. */
export const ANY: Syntax = { kind: 'one', of: () => true };

/** One character. */
export function literal(codePoint: number): Syntax {
  return { kind: 'one', of: (other) => other === codePoint };
}
