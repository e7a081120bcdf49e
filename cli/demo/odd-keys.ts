/** Keys that S3 allows and that programs stumble over. */
import { type DemoObject, multipart, single } from './demo-object.ts';

const LONGEST = 1024;

/** A key of exactly 1,024 bytes that ends with these characters. */
function longestKey(head: string, tail: string): string {
  const bytes = Buffer.byteLength(head + tail);
  return head + 'x'.repeat(LONGEST - bytes) + tail;
}

/** Each with what it is odd by. */
export const ODD_KEYS: Readonly<Record<string, string>> = {
  'control characters': 'odd/\u0001\u0002\u0008\u000b\u001b\u001f',
  'a delete character': 'odd/\u007f',
  'a tab': 'odd/tab\there',
  'a carriage return': 'odd/return\rhere',
  'a line feed': 'odd/line\nfeed',
  'both line ends': 'odd/both\r\nends\n',
  'a line separator': 'odd/separator\u2028here\u2029',
  'a next line character': 'odd/next\u0085line',
  'an emoji': 'odd/😀👩🏽‍🚀',
  'beyond and below the surrogates': 'odd/\uff5e\u{10000}\u{10ffff}',
  'combining characters': 'odd/e\u0301 is not \u00e9',
  'right to left': 'odd/עברית العربية',
  'a byte order mark': '\ufeffodd',
  'a lone percent': 'odd/100%',
  'what looks encoded': 'odd/%2F%41%0a%',
  'a plus and a space': 'odd/a+b c',
  'a space at the front': ' odd',
  'a space at the end': 'odd ',
  'nothing but a space': ' ',
  'a backslash': 'odd\\N',
  'what looks like null': '\\N',
  'a leading slash': '/odd',
  'nothing but a slash': '/',
  'two slashes': 'odd//twice',
  'a dot segment': 'odd/./x',
  'a parent segment': 'odd/../x',
  'only dots': '..',
  'a trailing slash': 'odd/folder/',
  'the folder without its slash': 'odd/folder',
  'marks of queries': 'odd/a?b=c&d#e',
  'marks of XML': 'odd/<a>&amp;"\'',
  'marks of shells': 'odd/$(x)`y`*{a,b}[c]~!',
  'a comma first': ',odd',
  'a hash first': '#odd',
  'a quote first': '"odd"',
  '1,024 bytes': longestKey('odd/long/', '/end'),
  '1,024 bytes that end in an emoji': longestKey('odd/long/', '😀'),
};

/** A small object for every odd key, and two of them as multipart uploads. */
export function oddKeySet(): readonly DemoObject[] {
  const small = Object.values(ODD_KEYS).map((key, at) => single(key, at * 37));
  return [...small, multipart('odd/parts \u0001%\t😀 ', [5_242_880, 1]), multipart('odd//parts/../', [100])];
}
