/** `<Owner>` and `<Initiator>`. */
import { canonicalId } from '../accounts.ts';
import type { ServiceCall } from '../call.ts';
import { elements } from '../xml-write.ts';

/** The account that owns something. */
export function ownerElement({ store }: ServiceCall, accountId: string): string {
  return elements({ Owner: { ID: canonicalId(accountId), DisplayName: store.accounts.displayName(accountId) } });
}

/** Who began an upload: the ARN, and its last segment as the name. */
export function initiatorElement(arn: string): string {
  return elements({ Initiator: { ID: arn, DisplayName: arn.slice(arn.lastIndexOf('/') + 1) } });
}
