/** RFC 3986 encoding of keys and queries: what is encoded here goes over the wire and into the signature untouched. */

const PLAIN_PATH = /^[A-Za-z0-9\-_.~/]*$/;
const PLAIN_VALUE = /^[A-Za-z0-9\-_.~]*$/;
const LEFT_BY_ECMASCRIPT = /[!'()*]/g;

function hex(sign: string): string {
  return `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
}

/**
 * Percent-encodes every byte but `A-Za-z0-9-_.~`, upper-case hex.
 *
 * @throws {URIError} for a lone surrogate, which has no UTF-8
 */
export function encodeValue(text: string): string {
  return PLAIN_VALUE.test(text) ? text : encodeURIComponent(text).replace(LEFT_BY_ECMASCRIPT, hex);
}

/**
 * Percent-encodes every byte of a key but `A-Za-z0-9-_.~` and `/`. Segments such as `.` and empty ones stay.
 *
 * @throws {URIError} for a lone surrogate, which has no UTF-8
 */
export function encodeKey(key: string): string {
  return PLAIN_PATH.test(key) ? key : encodeURIComponent(key).replace(LEFT_BY_ECMASCRIPT, hex).replaceAll('%2F', '/');
}

/** A query in canonical form: names and values encoded, sorted by encoded name, every name with `=`. Undefined and null values are left out. */
export function queryString(values: Readonly<Record<string, string | number | null | undefined>>): string {
  const pairs: { readonly name: string; readonly text: string }[] = [];
  for (const [plainName, value] of Object.entries(values)) {
    const name = encodeValue(plainName);
    if (value !== null && value !== undefined) pairs.push({ name, text: `${name}=${encodeValue(String(value))}` });
  }
  pairs.sort((a, b) => (a.name < b.name ? -1 : 1));
  return pairs.map(({ text }) => text).join('&');
}

/**
 * Decodes what S3 wrote under `encoding-type=url`: `+` is a space (MinIO, botocore's reading), a literal plus comes as `%2B`. A server that does
 * not say so in the answer's `EncodingType` sends raw keys (versitygw), where `%41` must stay `%41`.
 * A value that is no valid encoding is returned as it is.
 */
export function decodeListed(text: string, isUrlEncoded: boolean): string {
  if (!isUrlEncoded) return text;
  if (!text.includes('%') && !text.includes('+')) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
