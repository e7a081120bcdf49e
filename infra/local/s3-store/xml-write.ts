/** Writing XML: answers are small documents of known elements, made as strings of bytes. */

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const ESCAPED = /[&<>"\x00-\x1f\x7f]/g;
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** The first line of every document. */
export const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** The namespace of S3's answers. */
const XML_NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** Text between tags. Control characters, which XML 1.0 cannot hold, become character references all the same, as S3 writes them. */
export function escapeXml(text: string): string {
  if (text.search(ESCAPED) < 0) return text;
  return text.replace(ESCAPED, (sign) => ESCAPES[sign] ?? `&#x${sign.charCodeAt(0).toString(16)};`);
}

/** What an element may hold: text, elements, a list for elements of the same name, or nothing at all. */
export type XmlValue = string | number | boolean | null | undefined | XmlElements | readonly XmlValue[];

/** Elements by name, in the order of the object. Null and undefined are left out. */
export interface XmlElements {
  readonly [name: string]: XmlValue;
}

/** Elements as text. */
export function elements(content: XmlElements): string {
  let xml = '';
  for (const name in content) xml += element(name, content[name]);
  return xml;
}

function element(name: string, value: XmlValue): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map((one) => element(name, one)).join('');
  if (typeof value === 'object') return `<${name}>${elements(value as XmlElements)}</${name}>`;
  return `<${name}>${typeof value === 'string' ? escapeXml(value) : value}</${name}>`;
}

/** A whole answer: declaration, root element with S3's namespace, and elements that are text already. */
export function document(root: string, inner: string): string {
  return `${XML_DECLARATION}<${root} xmlns="${XML_NAMESPACE}">${inner}</${root}>`;
}
