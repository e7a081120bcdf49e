/** CloudFormation, as far as a deployment needs it. */
import { setTimeout as pause } from 'node:timers/promises';
import { ASSETS_BUCKET } from './assets.ts';
import type { Emulator } from './emulator.ts';

const VERSION = '2010-05-15';
const STACK = 'carillon';

/** How often a stack is looked at, and how long altogether. */
const PAUSE = 500;
const LOOKS = 240;

/** The client. */
export interface StackClient {
  /** Creates the stack. @returns its status, and what failed */
  create(template: object): Promise<{ readonly status: string; readonly failures: readonly string[] }>;
  /** Updates it by a change set. @returns logical ids that the change set names, and the status afterwards */
  update(template: object): Promise<{ readonly changes: readonly string[]; readonly status: string }>;
  /** Deletes it. @returns its status */
  remove(): Promise<string>;
  /** Status of each resource by logical id, with its type. */
  resources(): Promise<readonly { readonly id: string; readonly type: string; readonly name: string; readonly status: string }[]>;
}

/** Makes it. */
export function stackClient({ query, rest, url }: Emulator): StackClient {
  const call = (action: string, more: Readonly<Record<string, string>> = {}) => query('cloudformation', VERSION, action, { StackName: STACK, ...more });
  const settled = async (): Promise<string> => {
    for (let look = 0; look < LOOKS; look += 1) {
      const text = await call('DescribeStacks').catch((error: Error) =>
        /does not exist/.test(error.message) ? '<StackStatus>GONE</StackStatus>' : Promise.reject(error),
      );
      const status = elements(text, 'StackStatus')[0] ?? '';
      if (!status.endsWith('_IN_PROGRESS')) return status;
      await pause(PAUSE);
    }
    throw new Error('the stack did not settle');
  };
  const placed = async (template: object): Promise<Readonly<Record<string, string>>> => {
    const { status } = await rest('s3', 'PUT', `/${ASSETS_BUCKET}/template.json`, JSON.stringify(template));
    if (status !== 200) throw new Error(`the template was not taken: ${status}`);
    return { TemplateURL: `${url}/${ASSETS_BUCKET}/template.json`, 'Capabilities.member.1': 'CAPABILITY_NAMED_IAM' };
  };
  return {
    create: async (template) => {
      await call('CreateStack', { ...(await placed(template)), DisableRollback: 'true' });
      const status = await settled();
      const events = blocks(await call('DescribeStackEvents'), 'member');
      const failed = events.filter((event) => elements(event, 'ResourceStatus')[0] === 'CREATE_FAILED');
      return { status, failures: failed.map((event) => `${elements(event, 'ResourceType')[0]} ${elements(event, 'ResourceStatusReason')[0] ?? ''}`) };
    },
    update: async (template) => {
      const ChangeSetName = 'next';
      await call('CreateChangeSet', { ...(await placed(template)), ChangeSetName, ChangeSetType: 'UPDATE' });
      const described = await call('DescribeChangeSet', { ChangeSetName });
      await call('ExecuteChangeSet', { ChangeSetName });
      await pause(PAUSE);
      return { changes: elements(described, 'LogicalResourceId'), status: await settled() };
    },
    remove: async () => {
      await call('DeleteStack');
      return await settled();
    },
    resources: async () =>
      blocks(await call('DescribeStackResources'), 'member').map((one) => ({
        id: elements(one, 'LogicalResourceId')[0] ?? '',
        type: elements(one, 'ResourceType')[0] ?? '',
        name: elements(one, 'PhysicalResourceId')[0] ?? '',
        status: elements(one, 'ResourceStatus')[0] ?? '',
      })),
  };
}

/** Texts of an element. */
function elements(xml: string, name: string): readonly string[] {
  return [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, text]) => String(text));
}

function blocks(xml: string, name: string): readonly string[] {
  return [...xml.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, 'gs'))].map(([, text]) => String(text));
}
