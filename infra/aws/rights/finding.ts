/** A resource of a policy as cdk-nag writes it: references in angle brackets. */

/** The text. @param resource - resolved: a text, or one of CloudFormation's intrinsic functions */
export function findingOf(resource: unknown): string {
  if (typeof resource === 'string') return resource;
  const [[name, value] = ['', '']] = Object.entries((resource ?? {}) as Record<string, unknown>);
  if (name === 'Fn::Join') return joined(value as readonly [string, readonly unknown[]]);
  if (name === 'Fn::GetAtt') return `<${(value as readonly string[]).join('.')}>`;
  if (name === 'Fn::Sub') return String(Array.isArray(value) ? value[0] : value).replaceAll(/\$\{([^}]+)\}/g, '<$1>');
  return name === 'Ref' ? `<${String(value)}>` : JSON.stringify(resource);
}

function joined([separator, parts]: readonly [string, readonly unknown[]]): string {
  return parts.map(findingOf).join(separator);
}
