/** The part of a template that an emulator knows: resources of other types go, and what refers to them gets a text in their place. */
import type { Resource, StackTemplate } from '../helpers/workflow-stack.ts';

/** A template without some resources. @param isKnown - whether a resource stays */
export function knownPart(template: StackTemplate, isKnown: (resource: Resource) => boolean): StackTemplate {
  const gone = new Set(Object.entries(template.Resources).flatMap(([id, resource]) => (isKnown(resource) ? [] : [id])));
  const kept = Object.fromEntries(Object.entries(template.Resources).filter(([id]) => !gone.has(id)));
  return replaced({ ...template, Resources: kept }, gone) as StackTemplate;
}

function replaced(value: unknown, gone: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.filter((one) => typeof one !== 'string' || !gone.has(one)).map((one) => replaced(one, gone));
  if (typeof value !== 'object' || value === null) return value;
  const { Ref, 'Fn::GetAtt': attribute } = value as { readonly Ref?: string; readonly 'Fn::GetAtt'?: readonly string[] };
  const id = Ref ?? attribute?.[0];
  if (id !== undefined && gone.has(id)) return attribute === undefined ? `left-out-${id}` : `arn:aws:lambda:eu-central-1:111122223333:function:left-out-${id}`;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, one]) => (name === 'DependsOn' && typeof one === 'string' && gone.has(one) ? [] : [[name, replaced(one, gone)]])),
  );
}
