/** Reading the small XML documents that requests carry. No attributes, namespaces, comments or document types: S3's requests need none. */
import { keyBytes } from './key-bytes.ts';
import { ServiceError } from './service-error.ts';

/** An element: its name without a namespace prefix, its text (bytes, entities undone) and its elements. */
export interface XmlNode {
  readonly name: string;
  readonly text: string;
  readonly children: readonly XmlNode[];
}

interface OpenNode {
  readonly name: string;
  text: string;
  readonly children: XmlNode[];
}

const TOKEN = /<\?[^>]*\?>|<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\/([^\s>]+)\s*>|<([^\s/>!?]+)[^>]*?(\/?)>|([^<]+)/gy;

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function characterOf(reference: string): string {
  const code = reference[1] === 'x' ? Number.parseInt(reference.slice(2), 16) : Number.parseInt(reference.slice(1), 10);
  if (!(code >= 0 && code <= 0x10ffff)) throw new ServiceError('MalformedXML');
  return keyBytes(String.fromCodePoint(code));
}

function withoutEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(#x[0-9a-fA-F]+|#\d+|\w+);/g, (_, name: string) => {
    const character = name.startsWith('#') ? characterOf(name) : ENTITIES[name];
    if (character === undefined) throw new ServiceError('MalformedXML');
    return character;
  });
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** The root element of a document given as bytes; MalformedXML where it has none, ends early, or closes what was not opened. */
export function parseXml(xml: string): XmlNode {
  const top: OpenNode = { name: '', text: '', children: [] };
  const open: OpenNode[] = [top];
  let at = 0;
  for (const token of xml.matchAll(TOKEN)) {
    at = token.index + token[0].length;
    const [, cdata, closed, opened, isEmpty, text] = token;
    const inner = open.at(-1) as OpenNode;
    if (text !== undefined) inner.text += withoutEntities(text);
    else if (cdata !== undefined) inner.text += cdata;
    else if (opened !== undefined) {
      const node: OpenNode = { name: localName(opened), text: '', children: [] };
      inner.children.push(node);
      if (isEmpty !== '/') open.push(node);
    } else if (closed !== undefined && (open.length === 1 || open.pop()?.name !== localName(closed))) throw new ServiceError('MalformedXML');
  }
  const [root] = top.children;
  if (at !== xml.length || open.length !== 1 || root === undefined) throw new ServiceError('MalformedXML');
  return root;
}

/** The elements of a node that have this name. */
export function childrenOf(node: XmlNode, name: string): readonly XmlNode[] {
  return node.children.filter((child) => child.name === name);
}

/** The text of the first element of this name; null when there is none. */
export function textOf(node: XmlNode, name: string): string | null {
  return node.children.find((child) => child.name === name)?.text ?? null;
}
