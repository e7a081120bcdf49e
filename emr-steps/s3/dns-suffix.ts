/** Under which domain the services of a Region are. */

/** DNS suffixes by the Region's first letters (botocore `partitions.json`); all others: `amazonaws.com`. */
const SUFFIXES: readonly (readonly [string, string])[] = [
  ['cn-', 'amazonaws.com.cn'],
  ['us-isob-', 'sc2s.sgov.gov'],
  ['us-isof-', 'csp.hci.ic.gov'],
  ['eu-isoe-', 'cloud.adc-e.uk'],
  ['us-iso-', 'c2s.ic.gov'],
  ['eusc-', 'amazonaws.eu'],
];

/** The DNS suffix of a Region's partition. */
export function dnsSuffix(region: string): string {
  return SUFFIXES.find(([start]) => region.startsWith(start))?.[1] ?? 'amazonaws.com';
}
