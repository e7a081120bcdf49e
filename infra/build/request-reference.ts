/** The reference of the request for people, from its JSON Schema: a table a member. */
import type { SchemaNode } from '../../workflows/request/json-schema.ts';

const HEAD = `# The request

What a run is asked, in one document: the input of the state machine, of \`carillon run REQUEST.json\`, of schedules and of the pairs of a config file. The smallest one is

\`\`\`json
{ "source": { "bucket": "a" }, "destination": { "bucket": "b" } }
\`\`\`

Everything else has a default. What is wrong with a request is told in one error, each problem with its path, and nothing was started.
[request.schema.json](request.schema.json) is the same as JSON Schema. This page is made from the schema by \`make build\`: change the descriptions there.

## A config file: named pairs and what they share

\`\`\`json
{
  "version": 1,
  "defaults": { "copy": { "mode": "server-side" }, "verify": true },
  "pairs": {
    "photos": { "source": { "bucket": "photos-eu" }, "destination": { "bucket": "photos-us" } },
    "logs": { "source": { "bucket": "logs-eu", "prefix": "2026/" }, "destination": { "bucket": "logs-us" }, "verify": false }
  }
}
\`\`\`

Each pair is a request, laid over the defaults: objects are merged member by member; lists, texts, numbers and null of the pair replace those of the
defaults; an object whose telling word (\`use\`, \`from\`, \`kind\` at its beginning) is another one replaces the default's as a whole.
Each result must be a whole request; the problems of all pairs are told at once, as \`pairs.<name>.<path>\`.

`;

const FAN_OUT = `## A fan-out

Many runs at once, each on a cluster of its own: over part files between one pair of buckets, or over named pairs. What a pair says is laid over the
base. [fan-out.schema.json](fan-out.schema.json) is the same as JSON Schema.

`;

/** The page. */
export function requestReference(schema: SchemaNode, fanOut: SchemaNode): string {
  return `${HEAD}## Members\n\n${table(schema)}\n${sections(schema, '').join('\n')}\n${FAN_OUT}${table(fanOut)}`;
}

/** A section for each member that has members. */
function sections(schema: SchemaNode, path: string): readonly string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, node]) => sectionsOf(`${path}${name}`, node));
}

function sectionsOf(path: string, node: SchemaNode): readonly string[] {
  const forms = formsOf(node);
  const items = node.items?.properties === undefined ? [] : sectionsOf(`${path}[]`, node.items);
  return [...forms.flatMap((form) => section(path, form)), ...items];
}

/** The object itself, or each form that it may have. */
function formsOf(node: SchemaNode): readonly SchemaNode[] {
  const all = node.oneOf ?? node.anyOf?.flatMap((one) => one.oneOf ?? [one]) ?? [node];
  return all.filter(({ properties }) => properties !== undefined);
}

function section(path: string, form: SchemaNode): readonly string[] {
  const word = Object.entries(form.properties ?? {}).find(([, { const: value }]) => value !== undefined && path !== '');
  const title = word === undefined ? `\`${path}\`` : `\`${path}\` with ${word[0]} \`${String(word[1].const)}\``;
  const text = form.description === undefined ? '' : `${form.description}\n\n`;
  return [`## ${title}\n\n${text}${table(form)}`, ...sections(form, `${path}.`)];
}

function table({ properties = {}, required = [] }: SchemaNode): string {
  const rows = Object.entries(properties).map(
    ([name, node]) => `| \`${name}\` | ${kindOf(node)} | ${required.includes(name) ? 'yes' : ''} | ${cell(node.description ?? '')} |`,
  );
  return `| member | kind | needed | meaning |\n|---|---|---|---|\n${rows.join('\n')}\n`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('*', '\\*').replaceAll('<', '&lt;');
}

function kindOf(node: SchemaNode): string {
  if (node.const !== undefined) return `\`${JSON.stringify(node.const)}\``;
  if (node.enum !== undefined) return node.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (node.anyOf !== undefined) return node.anyOf.map(kindOf).join(' or ');
  if (node.oneOf !== undefined) return 'one of the forms below';
  if (node.items !== undefined) return `list of ${node.items.properties === undefined ? kindOf(node.items) : 'objects'}`;
  return `${node.type ?? 'any'}${limits(node)}`;
}

/** Limits where somebody chose them; those of numbers as such say nothing. */
function limits({ type, minimum, maximum }: SchemaNode): string {
  if (type !== 'integer') return '';
  const most = maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? '' : ` to ${maximum}`;
  const least = minimum === undefined || minimum === Number.MIN_SAFE_INTEGER ? '' : ` ${minimum}`;
  return most === '' ? (least === '' ? '' : `,${least} and up`) : `,${least}${most}`;
}
