/** The command of `-mapper` and `-reducer`, cut into words as Hadoop Streaming cuts it. */

/**
 * Words at blanks; single and double quotes keep blanks together, and a quote ends the word before it: `a"b c"d` is three words.
 * There is no escape.
 */
export function splitCommand(command: string): readonly string[] {
  const words: string[] = [];
  let quote: string | null = null;
  let word = '';
  const endWord = (): void => {
    if (word !== '') words.push(word);
    word = '';
  };
  for (const character of command) {
    const isQuote = (character === '"' || character === "'") && (quote === null || quote === character);
    if (isQuote) quote = quote === null ? character : null;
    if (isQuote || (character === ' ' && quote === null)) endWord();
    else word += character;
  }
  endWord();
  return words;
}
