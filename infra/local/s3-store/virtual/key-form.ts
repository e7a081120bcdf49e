/** The three forms in which a key is written: as its bytes, and as a listing shows it with and without `encoding-type=url`. */
import { type Phrase, phraseOf } from './digits.ts';

/** `bytes`: the key's UTF-8. `url`: percent-encoded as S3 does for `encoding-type=url`. `xml`: escaped for an XML text. */
export type KeyForm = 'bytes' | 'url' | 'xml';

const URL_PLAIN = /[A-Za-z0-9\-_.*/]/;
const XML_NAMED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function urlByte(byte: number): string {
  const character = String.fromCharCode(byte);
  if (URL_PLAIN.test(character)) return character;
  return character === ' ' ? '+' : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

function xmlByte(byte: number): string {
  const character = String.fromCharCode(byte);
  return XML_NAMED[character] ?? (byte < 32 || byte === 127 ? `&#x${byte.toString(16)};` : character);
}

/** UTF-8 bytes in a form. */
export function inForm(form: KeyForm, bytes: Uint8Array): Buffer {
  if (form === 'bytes') return Buffer.from(bytes);
  const escaped = form === 'url' ? urlByte : xmlByte;
  return Buffer.from(Array.from(bytes, escaped).join(''), 'latin1');
}

/** Makes the phrases of one form from texts. Digits and hexadecimal digits are the same in all forms. */
export function phrasesIn(form: KeyForm): (text: string) => Phrase {
  return (text) => phraseOf(inForm(form, Buffer.from(text, 'utf8')));
}
