import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfiguration } from '../../../infra/aws/configuration.ts';
import { ALARMS } from '../../../infra/aws/watching/alarms.ts';
import { type MachineDefinition, placedStates } from '../../../infra/local/engine/definition.ts';
import type { RunOutput } from '../../../workflows/events/run-output.ts';
import { nextSchema } from '../../../workflows/request/chaining.ts';
import { parseRequest } from '../../../workflows/request/parse-request.ts';
import { definitionOf, MACHINES } from '../../../workflows/state-machine/definition.ts';

const validate = createRequire(import.meta.url)('asl-validator') as (definition: object) => { readonly isValid: boolean };

const ROOT = resolve(import.meta.dirname, '../../..');
const page = (name: string): string => readFileSync(join(ROOT, 'docs', `${name}.md`), 'utf8');

/** The blocks of a page in a language, such as `json pattern`, read. */
function blocks(name: string, language: string): readonly unknown[] {
  return [...page(name).matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, 'g'))].map(([, text]) => JSON.parse(String(text)));
}

/** The contract as docs/output.md shows it. */
const [OUTPUT] = blocks('output', 'json') as readonly [RunOutput];

describe('docs/runbook.md', () => {
  const chapters = page('runbook').split(/^## /m).slice(1);

  it.each(ALARMS)('has a chapter for the alarm %s: description, investigation, resolution', (alarm) => {
    const chapter = chapters.find((one) => one.startsWith(`${alarm}\n`)) ?? '';
    for (const part of ['Description', 'Investigation', 'Resolution']) expect(chapter).toMatch(new RegExp(`\\*\\*${part}\\.\\*\\* ?\\S*`));
  });

  it('has no chapter for an alarm that is not there', () => {
    const names = chapters.map((one) => one.slice(0, one.indexOf('\n'))).filter((name) => /^[a-z-]+$/.test(name));
    expect(names.filter((name) => !(ALARMS as readonly string[]).includes(name))).toEqual([]);
  });
});

describe('docs/console.md', () => {
  it.each(Object.keys(MACHINES) as (keyof typeof MACHINES)[])('names every state of %s that is there to be looked at', (machine) => {
    const shown = ['Task', 'Map', 'Parallel', 'Succeed', 'Fail'];
    const states = placedStates(definitionOf(MACHINES[machine]) as MachineDefinition).filter(({ state }) => shown.includes(state.Type));
    const names = states.map(({ name }) => name).filter((name) => !name.endsWith(': decide on another try'));
    expect(names.filter((name) => !page('console').includes(`\`${name}\``))).toEqual([]);
  });

  it('names no state that is not there', () => {
    const states = Object.values(MACHINES).flatMap((source) => placedStates(definitionOf(source) as MachineDefinition).map(({ name }) => name));
    const [, table = ''] = page('console').split('## Phase by phase');
    const named = [...table.matchAll(/`([A-Z][a-z-]+ [a-z: -]+)`/g)].map(([, name]) => String(name));
    expect(named.length).toBeGreaterThan(40);
    expect(named.filter((name) => !states.includes(name))).toEqual([]);
  });

  it('starts with an input that is a request', () => {
    for (const input of blocks('console', 'json')) expect(parseRequest(input).goal).toBe('copy');
  });
});

describe('what a mistake looks like in the console', () => {
  it('is what the page shows', () => {
    const written = { source: { bucket: 'a' }, destination: { bucket: 'b', prefx: 'x/' }, rounds: 0 };
    const shown = /```\n(destination[^`]*)```/.exec(page('console'))?.[1]?.trim().split('\n');
    expect(() => parseRequest(written)).toThrow(expect.objectContaining({ sentences: shown }));
  });
});

describe('docs/deploying.md', () => {
  const example = JSON.parse(readFileSync(join(ROOT, 'infra/aws/carillon.example.json'), 'utf8')) as { readonly data: object };

  it('has schedules that a configuration takes, as the example is one', () => {
    expect(parseConfiguration(example).name).toBe('carillon');
    for (const part of blocks('deploying', 'json'))
      expect(Object.keys(parseConfiguration({ data: example.data, ...(part as object) }).schedules)).toHaveLength(2);
  });
});

describe('docs/chaining.md', () => {
  it('has definitions that are valid, with an input that is a request', () => {
    for (const definition of blocks('chaining', 'json asl') as readonly {
      readonly States: { readonly Copy: { readonly Parameters: { readonly Input: object } } };
    }[]) {
      expect(validate(definition).isValid).toBe(true);
      const { 'AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID.$': _parent, ...input } = definition.States.Copy.Parameters.Input as Record<string, unknown>;
      expect(parseRequest(input).verify).toBe(true);
    }
  });

  it('has one of each kind of what runs next', () => {
    const kinds = blocks('chaining', 'json next').map((next) => nextSchema.parse(next)?.kind);
    expect(kinds).toEqual(['state-machine', 'lambda', 'glue-job', 'event']);
  });

  const event = (output: Partial<RunOutput>, type: string) => ({ source: 'carillon', 'detail-type': type, detail: { ...OUTPUT, ...output } });
  const stopped = { executionArn: 'arn:e', stateMachineArn: 'arn:aws:states:eu-central-1:111122223333:stateMachine:carillon-copy-run' };

  it('has patterns that take the events that they are for, and no others', () => {
    const [success, problem, ended] = blocks('chaining', 'json pattern') as [Pattern, Pattern, Pattern];
    expect(fits(success, event({}, 'Carillon Run Succeeded'))).toBe(true);
    expect(fits(success, event({ verified: false }, 'Carillon Run Succeeded'))).toBe(false);
    expect(fits(success, event({}, 'Carillon Run Partial'))).toBe(false);
    expect(fits(problem, event({ status: 'partial' }, 'Carillon Run Partial'))).toBe(true);
    expect(fits(problem, event({ destination: 's3://other/' }, 'Carillon Run Failed'))).toBe(false);
    const change = (status: string) => ({ source: 'aws.states', 'detail-type': 'Step Functions Execution Status Change', detail: { ...stopped, status } });
    expect(fits(ended, change('ABORTED'))).toBe(true);
    expect(fits(ended, change('SUCCEEDED'))).toBe(false);
  });
});

describe('docs/output.md', () => {
  it('shows every member of the contract, and explains it', () => {
    const members = Object.keys({
      version: 1,
      runId: 1,
      status: 1,
      cause: 1,
      runDirectory: 1,
      source: 1,
      destination: 1,
      books: 1,
      verified: 1,
      places: 1,
    } satisfies Record<keyof RunOutput, 1>);
    expect(Object.keys(OUTPUT)).toEqual(members);
    const places = Object.keys({ sourceListing: 1, destinationListing: 1, toCopy: 1, extra: 1, ledgers: 1, differences: 1 } satisfies Record<
      keyof RunOutput['places'],
      1
    >);
    expect(Object.keys(OUTPUT.places)).toEqual(places);
    for (const name of [...members.filter((member) => member !== 'places'), ...places.map((place) => `places.${place}`)])
      expect(page('output')).toContain(`\`${name}\``);
  });
});

describe('the pages', () => {
  it.each(['deploying', 'console', 'output', 'chaining', 'runbook', 'security'])('%s refers to pages that are there', (name) => {
    for (const [, target] of page(name).matchAll(/\]\(([a-z-]+\.md)/g)) expect(() => readFileSync(join(ROOT, 'docs', String(target)))).not.toThrow();
  });
});

type Pattern = Readonly<Record<string, unknown>>;

/** Whether an event fits a pattern of EventBridge, as far as the page uses them: values, prefixes, members within. */
function fits(pattern: Pattern, found: Pattern): boolean {
  return Object.entries(pattern).every(([name, wanted]) => {
    const value = found[name];
    if (!Array.isArray(wanted)) return fits(wanted as Pattern, (value ?? {}) as Pattern);
    return wanted.some((one) =>
      typeof one === 'object' && one !== null ? String(value).startsWith((one as { readonly prefix: string }).prefix) : one === value,
    );
  });
}
