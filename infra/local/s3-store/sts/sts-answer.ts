/** Answers and refusals as STS writes them. */
import { type Answer, xmlAnswer } from '../answer.ts';
import type { RefusalCode, ServiceError } from '../service-error.ts';
import { elements, type XmlElements } from '../xml-write.ts';

/** The namespace of STS's answers, which is its version too. */
const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

function stsDocument(root: string, inner: XmlElements): string {
  return `<${root} xmlns="${NAMESPACE}">${elements(inner)}</${root}>`;
}

function answer(xml: string, requestId: string, status = 200): Answer {
  return xmlAnswer(xml, { 'content-type': 'text/xml', 'x-amzn-requestid': requestId, date: new Date().toUTCString() }, status);
}

/** What an action answers. */
export function stsAnswer(action: string, result: XmlElements, requestId: string): Answer {
  return answer(stsDocument(`${action}Response`, { [`${action}Result`]: result, ResponseMetadata: { RequestId: requestId } }), requestId);
}

/** Where STS has another name or status for what S3 refuses too. */
const NAMES: Partial<Record<RefusalCode, readonly [code: string, status: number]>> = {
  AuthorizationHeaderMalformed: ['IncompleteSignature', 400],
  ExpiredToken: ['ExpiredToken', 403],
  InvalidAccessKeyId: ['InvalidClientTokenId', 403],
  InvalidToken: ['InvalidClientTokenId', 403],
  InternalError: ['InternalFailure', 500],
  MalformedPolicy: ['MalformedPolicyDocument', 400],
  RequestTimeTooSkewed: ['SignatureDoesNotMatch', 403],
  SlowDown: ['Throttling', 400],
};

/** A refusal. */
export function stsErrorAnswer(error: ServiceError, requestId: string): Answer {
  const [Code, status] = NAMES[error.code] ?? [error.code, error.status];
  const refused = { Type: status >= 500 ? 'Receiver' : 'Sender', Code, Message: error.message };
  return answer(stsDocument('ErrorResponse', { Error: refused, RequestId: requestId }), requestId, status);
}
