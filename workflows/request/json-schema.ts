/** The request's schema as JSON Schema, for editors and for callers in other languages. What members forbid one another stands in no such schema. */
import * as z from 'zod';
import { fanOutSchema } from './fan-out-request.ts';
import { requestSchema } from './run-request.ts';

/** A node of the schema, as far as its readers look. */
export interface SchemaNode {
  readonly description?: string;
  readonly type?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly items?: SchemaNode;
  readonly oneOf?: readonly SchemaNode[];
  readonly anyOf?: readonly SchemaNode[];
  readonly additionalProperties?: boolean | SchemaNode;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** The schema of a fan-out's request; its `base` and `pairs` hold members of a request. */
export function fanOutJsonSchema(): SchemaNode {
  return { title: 'Carillon fan-out request', ...z.toJSONSchema(fanOutSchema, { io: 'input', target: 'draft-2020-12' }) } as SchemaNode;
}

/** The schema of a request as people write it: members with a default may be left out. */
export function requestJsonSchema(): SchemaNode {
  const schema = z.toJSONSchema(requestSchema, { io: 'input', target: 'draft-2020-12' });
  return { title: 'Carillon run request', ...schema } as SchemaNode;
}
