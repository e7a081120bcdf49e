/**
 * The interpreter of state machines brings Lambda's client for tasks that nobody bound, and a validator: the engine binds every task and guards
 * every definition itself. In the bundles these are left out, with their 400 milliseconds of start and their megabytes.
 */
import type { Plugin } from 'esbuild';

const LEAN = 'lean-interpreter';

/** Names that the interpreter imports; each throws when it is used. */
const STUBS = /^(@aws-sdk\/client-lambda|@aws-sdk\/credential-providers|asl-validator)$/;
const STUB = `const left = () => { throw new Error('left out of the bundles'); };
export { left as LambdaClient, left as InvokeCommand, left as fromCognitoIdentityPool, left as default };`;

/** The plugin. */
export function leanInterpreter(): Plugin {
  return {
    name: LEAN,
    setup(build) {
      build.onResolve({ filter: STUBS }, ({ path, importer }) => (importer.includes('aws-local-stepfunctions') ? { path, namespace: LEAN } : null));
      build.onLoad({ filter: /.*/, namespace: LEAN }, () => ({ contents: STUB, loader: 'js' }));
    },
  };
}
