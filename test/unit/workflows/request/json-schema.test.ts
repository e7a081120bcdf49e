import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { requestReference } from '../../../../infra/build/request-reference.ts';
import { fanOutJsonSchema, requestJsonSchema, type SchemaNode } from '../../../../workflows/request/json-schema.ts';

const DOCS = join(import.meta.dirname, '../../../../docs');

/** Every member with its path, whatever form it is in. */
function membersOf(node: SchemaNode, path: string): readonly { readonly path: string; readonly node: SchemaNode; readonly needed: boolean }[] {
  const inside = [...(node.oneOf ?? []), ...(node.anyOf ?? []), ...(node.items === undefined ? [] : [node.items])].flatMap((form) => membersOf(form, path));
  const own = Object.entries(node.properties ?? {}).flatMap(([name, member]) => [
    { path: `${path}.${name}`, node: member, needed: node.required?.includes(name) ?? false },
    ...membersOf(member, `${path}.${name}`),
  ]);
  return [...own, ...inside];
}

const members = membersOf(requestJsonSchema(), '$');

describe('the schema of the request in docs', () => {
  it('is the one that the code has (make build writes it)', () => {
    expect(readFileSync(join(DOCS, 'request.schema.json'), 'utf8')).toBe(`${JSON.stringify(requestJsonSchema(), null, 2)}\n`);
  });

  it('of a fan-out is the one that the code has', () => {
    expect(readFileSync(join(DOCS, 'fan-out.schema.json'), 'utf8')).toBe(`${JSON.stringify(fanOutJsonSchema(), null, 2)}\n`);
  });

  it('is told to people as the code has it (make build writes it)', () => {
    expect(readFileSync(join(DOCS, 'request.md'), 'utf8')).toBe(requestReference(requestJsonSchema(), fanOutJsonSchema()));
  });

  it('describes every member, and names the default of everything that may be left out', () => {
    expect(members.length).toBeGreaterThan(90);
    expect(members.filter(({ node }) => node.description === undefined).map(({ path }) => path)).toEqual([]);
    expect(members.filter(({ node, needed }) => !needed && !/ Default( of both)?: /.test(node.description ?? '')).map(({ path }) => path)).toEqual([]);
  });

  it('refuses members that nobody knows, on every level', () => {
    const open = [requestJsonSchema(), ...members.map(({ node }) => node)].filter(
      ({ properties, additionalProperties }) => properties && additionalProperties !== false,
    );
    expect(open).toEqual([]);
  });
});
