/** Where STS is: the endpoint of one Region, whose tokens are good in every Region; those of the global one are not. */
import { dnsSuffix } from '../s3/dns-suffix.ts';

/**
 * Scheme, host and port of STS.
 *
 * @param override - an endpoint in place of the one of AWS
 * @throws {TypeError} when the Region or the override cannot be one
 */
export function stsOrigin(region: string, override?: string): string {
  if (!/^[a-z0-9-]{1,40}$/.test(region)) throw new TypeError(`${JSON.stringify(region)} is no Region; give one such as eu-central-1 as STS Region`);
  const url = URL.parse(override ?? `https://sts.${region}.${dnsSuffix(region)}`);
  if (url !== null && /^https?:$/.test(url.protocol)) return url.origin;
  throw new TypeError('the endpoint of STS is no http or https URL; set AWS_ENDPOINT_URL_STS to one such as http://127.0.0.1:9000, or unset it');
}
