/** Policies of buckets, identities, roles and keys: the document, read and checked. */
import { ServiceError } from '../service-error.ts';

/** Names or patterns of principals; `*` for everybody, signed or not. */
export type Principals = '*' | readonly string[];

/** One condition: an operator such as `StringEquals`, a key such as `s3:prefix`, and the values of which one must fit. */
export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** One statement, lists always lists. A negated list is what `NotPrincipal`, `NotAction` or `NotResource` held. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly principals: { readonly negated: boolean; readonly names: Principals };
  readonly actions: { readonly negated: boolean; readonly patterns: readonly string[] };
  readonly resources: { readonly negated: boolean; readonly patterns: readonly string[] };
  readonly conditions: readonly Condition[];
}

/** A policy: its statements, and the text as it was put, which GetBucketPolicy gives back. */
export interface Policy {
  readonly text: string;
  readonly statements: readonly Statement[];
}

/** The condition operators that the store evaluates (each also with `IfExists`); a policy with another one is refused rather than misread. */
const CONDITION_OPERATORS: readonly string[] = [
  'StringEquals',
  'StringNotEquals',
  'StringEqualsIgnoreCase',
  'StringLike',
  'StringNotLike',
  'ArnEquals',
  'ArnLike',
  'ArnNotEquals',
  'ArnNotLike',
  'NumericEquals',
  'NumericLessThan',
  'NumericLessThanEquals',
  'NumericGreaterThan',
  'NumericGreaterThanEquals',
  'Bool',
  'Null',
];

type Json = Readonly<Record<string, unknown>>;

function malformed(message: string): ServiceError {
  return new ServiceError('MalformedPolicy', { message });
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listOf(value: unknown, what: string): readonly string[] {
  const list = Array.isArray(value) ? value : [value];
  if (list.length === 0) throw malformed(`${what} is empty`);
  return list.map((one) => {
    if (typeof one === 'string') return one;
    if (typeof one === 'boolean' || typeof one === 'number') return String(one);
    throw malformed(`${what} holds ${JSON.stringify(one)}; write a text or a list of texts`);
  });
}

function either(statement: Json, name: string): { readonly negated: boolean; readonly value: unknown } {
  const negated = statement[`Not${name}`];
  const value = statement[name];
  if ((negated === undefined) === (value === undefined)) throw malformed(`Policy statement must contain either ${name} or Not${name}`);
  return negated === undefined ? { negated: false, value } : { negated: true, value: negated };
}

function patterns(statement: Json, name: 'Action' | 'Resource'): Statement['actions'] {
  const { negated, value } = either(statement, name);
  return { negated, patterns: listOf(value, name) };
}

function principals(statement: Json): Statement['principals'] {
  const { negated, value } = either(statement, 'Principal');
  if (value === '*') return { negated, names: '*' };
  if (!isObject(value)) throw malformed('Invalid principal in policy');
  const names = value.AWS === undefined ? [] : listOf(value.AWS, 'Principal');
  return { negated, names: names.includes('*') ? '*' : names };
}

function conditions(statement: Json): readonly Condition[] {
  const given = statement.Condition ?? {};
  if (!isObject(given)) throw malformed('Condition must be an object');
  return Object.entries(given).flatMap(([operator, keys]) => {
    if (!CONDITION_OPERATORS.includes(operator.replace(/IfExists$/, ''))) throw malformed(`the store does not evaluate condition operator ${operator}`);
    if (!isObject(keys)) throw malformed(`Condition ${operator} must be an object`);
    return Object.entries(keys).map(([key, values]) => ({ operator, key, values: listOf(values, key) }));
  });
}

/** S3 refuses a policy that speaks of anything but its own bucket. */
function checkResources(bucket: string, { patterns }: Statement['resources']): void {
  const own = `arn:aws:s3:::${bucket}`;
  const foreign = patterns.find((pattern) => pattern !== '*' && pattern !== `${own}*` && pattern !== own && !pattern.startsWith(`${own}/`));
  if (foreign !== undefined) throw malformed(`Policy has invalid resource ${JSON.stringify(foreign)}; write ${own} or ${own}/*`);
}

/** What the statements of a kind of policy hold: an identity's name nobody, for they are the identity's; a role's speak of the role alone. */
interface Form {
  readonly hasPrincipal: boolean;
  readonly hasResource: boolean;
}

const ANYBODY: Statement['principals'] = { negated: false, names: '*' };
const ITSELF: Statement['resources'] = { negated: false, patterns: ['*'] };

function without<T>(statement: Json, name: string, given: T): T {
  if (statement[name] !== undefined || statement[`Not${name}`] !== undefined) throw malformed(`Has prohibited field ${name}`);
  return given;
}

function parseStatement({ hasPrincipal, hasResource }: Form, statement: unknown): Statement {
  if (!isObject(statement)) throw malformed('Statement must be an object');
  const effect = statement.Effect;
  if (effect !== 'Allow' && effect !== 'Deny') throw malformed(`Invalid effect: ${JSON.stringify(effect)}; write Allow or Deny`);
  return {
    effect,
    principals: hasPrincipal ? principals(statement) : without(statement, 'Principal', ANYBODY),
    actions: patterns(statement, 'Action'),
    resources: hasResource ? patterns(statement, 'Resource') : without(statement, 'Resource', ITSELF),
    conditions: conditions(statement),
  };
}

function parseDocument(form: Form, text: string): Policy {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw malformed('Policies must be valid JSON and the first byte must be {');
  }
  if (!isObject(json) || json.Statement === undefined) throw malformed('Missing required field Statement');
  const statements = Array.isArray(json.Statement) ? json.Statement : [json.Statement];
  return { text, statements: statements.map((statement) => parseStatement(form, statement)) };
}

/** Reads the policy of a bucket from its JSON text; `MalformedPolicy` says what is wrong. */
export function parsePolicy(bucket: string, text: string): Policy {
  const policy = parseDocument({ hasPrincipal: true, hasResource: true }, text);
  for (const { resources } of policy.statements) checkResources(bucket, resources);
  return policy;
}

/** Reads what a user, a role or a session may do; `MalformedPolicy`. */
export function parseIdentityPolicy(text: string): Policy {
  return parseDocument({ hasPrincipal: false, hasResource: true }, text);
}

/** Reads who may assume a role; `MalformedPolicy`. */
export function parseTrustPolicy(text: string): Policy {
  return parseDocument({ hasPrincipal: true, hasResource: false }, text);
}

/** Reads who may use a key; `MalformedPolicy`. */
export function parseKeyPolicy(text: string): Policy {
  return parseDocument({ hasPrincipal: true, hasResource: true }, text);
}
