/** `make build`: the request's JSON Schema and its reference, both from the zod schema; a test holds the committed files to it. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fanOutJsonSchema, requestJsonSchema } from '../../workflows/request/json-schema.ts';
import { requestReference } from './request-reference.ts';

const DOCS = resolve(import.meta.dirname, '../../docs');

await writeFile(resolve(DOCS, 'request.schema.json'), `${JSON.stringify(requestJsonSchema(), null, 2)}\n`);
await writeFile(resolve(DOCS, 'fan-out.schema.json'), `${JSON.stringify(fanOutJsonSchema(), null, 2)}\n`);
await writeFile(resolve(DOCS, 'request.md'), requestReference(requestJsonSchema(), fanOutJsonSchema()));
