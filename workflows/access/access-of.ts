/** From a request to everything that its run must be allowed to do: least rights for exactly what it asks. */
import type { AccessFacts, AccessRequest } from './access-facts.ts';
import type { AccessNeed } from './access-need.ts';
import { destinationNeeds } from './destination-needs.ts';
import { keyNeeds } from './key-needs.ts';
import { runNeeds } from './run-needs.ts';
import { sourceNeeds } from './source-needs.ts';

/** Every statement, in the order in which a run meets them: roles, the source, the destination, keys. */
export function accessOf(request: AccessRequest, facts: AccessFacts): readonly AccessNeed[] {
  return [...runNeeds(request), ...sourceNeeds(request), ...destinationNeeds(request), ...keyNeeds(request, facts)];
}
