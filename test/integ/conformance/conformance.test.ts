import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COPIES } from './copies.ts';
import { conformanceEndpoint, type Endpoint, lackedFeatures } from './endpoint.ts';
import { LISTINGS } from './listings.ts';
import { OBJECTS } from './objects.ts';
import { RULES } from './rules.ts';
import { UPLOADS } from './uploads.ts';
import { type Behaviour, dropBucket, makeBucket, World } from './world.ts';

const TABLES: Readonly<Record<string, readonly Behaviour[]>> = { objects: OBJECTS, copies: COPIES, uploads: UPLOADS, listings: LISTINGS, rules: RULES };

let endpoint: Endpoint;
let bucket = '';

beforeAll(async () => {
  endpoint = await conformanceEndpoint();
  bucket = await makeBucket(endpoint);
});

afterAll(async () => {
  if (bucket !== '') await dropBucket(endpoint, bucket);
  await endpoint?.close();
});

const lacked = lackedFeatures();

describe.each(Object.entries(TABLES))('%s', (table, behaviours) => {
  for (const [number, behaviour] of behaviours.entries()) {
    // what an endpoint is said to lack is reported as skipped, never as passed
    test.skipIf(behaviour.needs !== undefined && lacked.includes(behaviour.needs))(behaviour.name, async () => {
      expect.hasAssertions();
      await behaviour.run(new World(endpoint, bucket, `${table}/${number}/`));
    });
  }
});
