/** What a command needs to run requests here; it is loaded where a run starts, with the interpreter and the handlers. */
export { bucketReach } from './reach.ts';
export { runFanOut } from './run-fan-out.ts';
export { runRequest } from './run-request.ts';
