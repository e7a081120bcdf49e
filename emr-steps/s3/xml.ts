/** Readers for S3's small answers: no tree, an index-of per field. What is asked for is never nested in itself. */

const ENTITY = /&(?:#x([0-9a-fA-F]+)|#([0-9]+)|(amp|lt|gt|quot|apos));/g;
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

// biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 has no form for these
const NOT_IN_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

const QUOTE = '&quot;';

/** Whether the only entities are quotation marks at both ends: an ETag, which every answer to a copy holds (0.2 instead of 2 µs). */
function isQuoted(text: string): boolean {
  return text.startsWith(QUOTE) && text.endsWith(QUOTE) && text.length >= 2 * QUOTE.length && text.indexOf('&', 1) === text.length - QUOTE.length;
}

/** Replaces the five named entities and numeric ones; others stay as they are. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  if (isQuoted(text)) return `"${text.slice(QUOTE.length, -QUOTE.length)}"`;
  return text.replace(ENTITY, (whole, hex: string | undefined, decimal: string | undefined, name: string | undefined) => {
    if (name !== undefined) return NAMED[name] ?? whole;
    const point = hex !== undefined ? Number.parseInt(hex, 16) : Number.parseInt(decimal ?? '', 10);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}

/** Whether a text can stand in an XML 1.0 document at all. */
export function fitsXml(text: string): boolean {
  return !NOT_IN_XML.test(text);
}

/** Escapes a text for an element. Tab, CR and LF become numeric entities, because a parser would change them. */
export function encodeEntities(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\t\n\r]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** An element's content from `from` on, raw, and where it ends. */
export interface Element {
  readonly content: string;
  readonly end: number;
}

const EMPTY_END = '/>';

/** The next element `name` at or after `from`; attributes are skipped. Null when there is none, or when it is cut off. */
export function nextElement(xml: string, name: string, from = 0): Element | null {
  const open = `<${name}`;
  let start = xml.indexOf(open, from);
  while (start >= 0) {
    const after = xml.charCodeAt(start + open.length);
    if (after === 62 || after === 47 || after === 32 || after === 10 || after === 13 || after === 9) break;
    start = xml.indexOf(open, start + open.length);
  }
  if (start < 0) return null;
  const bracket = xml.indexOf('>', start);
  if (bracket < 0) return null;
  if (xml.startsWith(EMPTY_END, bracket - 1)) return { content: '', end: bracket + 1 };
  const end = xml.indexOf(`</${name}>`, bracket);
  return end < 0 ? null : { content: xml.slice(bracket + 1, end), end: end + name.length + 3 };
}

/** The decoded text of the first element `name`; null when there is none. */
export function textOf(xml: string, name: string): string | null {
  const element = nextElement(xml, name);
  return element === null ? null : decodeEntities(element.content);
}

/** The raw contents of all elements `name`, in order. */
export function elementsOf(xml: string, name: string): readonly string[] {
  const contents: string[] = [];
  for (let element = nextElement(xml, name); element !== null; element = nextElement(xml, name, element.end)) contents.push(element.content);
  return contents;
}
