/** `carillon access REQUEST.json`: the policies that a request needs, for every owner; nothing is asked of AWS. */
import { type AccessDocuments, accessDocuments } from '../../workflows/access/access-documents.ts';
import type { AccessFacts } from '../../workflows/access/access-facts.ts';
import { accessOf } from '../../workflows/access/access-of.ts';
import { type OwnerTemplate, ownerTemplate } from '../../workflows/access/owner-template.ts';
import { parseRequest } from '../../workflows/request/parse-request.ts';
import type { RunRequest } from '../../workflows/request/run-request.ts';
import { commandHelp } from '../arguments/help.ts';
import type { CliCommand, CliOptions } from '../arguments/option-table.ts';
import { readArguments } from '../arguments/read-arguments.ts';
import { UsageError } from '../arguments/usage-error.ts';
import { EXIT, type Host } from '../host.ts';
import { accessText } from '../printers/access-text.ts';
import { readRequest } from './request-file.ts';

const OPTIONS = {
  pair: { kind: 'text', value: 'NAME', meaning: 'the file is a config file, and this one of its pairs is meant' },
  'data-role': { kind: 'text', value: 'ARN', meaning: 'the role that reaches buckets and assumes the roles of sides; default a placeholder' },
  'source-owner': { kind: 'text', value: 'ACCOUNT', meaning: 'account of the source; default its expectedOwner, or the account of its role' },
  'destination-owner': { kind: 'text', value: 'ACCOUNT', meaning: 'account of the destination, likewise' },
  'source-key': { kind: 'texts', value: 'ARN', meaning: 'a key of KMS that objects of the source are encrypted with; may be given again' },
  'destination-key': { kind: 'texts', value: 'ARN', meaning: 'a key that copies are encrypted with, such as the default of the bucket' },
  template: { kind: 'text', value: 'SIDE', meaning: 'source or destination: what its owner has to make, as a template of CloudFormation' },
  json: { kind: 'flag', meaning: 'the policies as one JSON document' },
} as const satisfies CliOptions;

const COMMAND: CliCommand<typeof OPTIONS> = {
  name: 'access',
  meaning: 'Prints the policies that a request needs: for our own role, and for the roles, buckets and keys of other accounts.',
  operands: ['REQUEST.json'],
  options: OPTIONS,
  notes: [
    'Least rights for exactly what the request asks: its copy mode, tags, ACLs, keys, verification.',
    'Nothing is asked of AWS: default keys and owners of buckets are what the options and the request say. carillon run and the state machine probe every right before anything starts.',
  ],
};

/** The command's help. */
export function help(): string {
  return commandHelp(COMMAND);
}

/** Runs the command. @returns the exit code */
export async function run(words: readonly string[], host: Host): Promise<number> {
  const { operands, values } = readArguments(COMMAND, words);
  const [file = ''] = operands;
  const request = parseRequest(await readRequest(file, values.pair));
  const facts = factsOf(values);
  const documents = accessDocuments(request, facts);
  if (values.template !== undefined) host.stdout.write(`${JSON.stringify(templateOf(values.template, request, documents), null, 2)}\n`);
  else host.stdout.write(values.json ? `${JSON.stringify(documents, null, 2)}\n` : accessText(accessOf(request, facts), documents, file));
  return EXIT.well;
}

/** @throws UsageError where there is no such side, or nothing to make */
function templateOf(side: string, request: RunRequest, documents: AccessDocuments): OwnerTemplate {
  if (side !== 'source' && side !== 'destination') throw new UsageError([`--template (${side}) is no side; write source or destination`]);
  const template = ownerTemplate(side, request[side].bucket, documents[side]);
  if (template === null) throw new UsageError([`--template ${side}: its owner has nothing to make; the policies of the data role are enough`]);
  return template;
}

type Values = ReturnType<typeof readArguments<typeof OPTIONS>>['values'];

/** @throws UsageError */
function factsOf(values: Values): AccessFacts {
  const wrong = [
    ...notLike(values, ['data-role'], /^arn:aws[a-z-]*:iam::\d{12}:(?:role|user)\/.+$/, 'no role, such as arn:aws:iam::111122223333:role/carillon-data'),
    ...notLike(values, ['source-owner', 'destination-owner'], /^\d{12}$/, 'no account: 12 digits are needed'),
    ...notLike(values, ['source-key', 'destination-key'], /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/.+$/, 'no key; write its ARN'),
  ];
  if (wrong.length > 0) throw new UsageError(wrong);
  const { 'source-owner': source, 'destination-owner': destination } = values;
  return {
    dataRole: values['data-role'] ?? null,
    owners: { ...(source === undefined ? {} : { source }), ...(destination === undefined ? {} : { destination }) },
    keys: { source: values['source-key'], destination: values['destination-key'] },
  };
}

function notLike(values: Values, names: readonly (keyof Values)[], form: RegExp, why: string): readonly string[] {
  return names.flatMap((name) =>
    [values[name] ?? []]
      .flat()
      .filter((text) => !form.test(String(text)))
      .map((text) => `--${name} is ${JSON.stringify(text)}, ${why}`),
  );
}
