/**
 * On one machine the handlers run in their whole stack, but nothing is traced (`silentInstruments`): X-Ray's client, which the tracer brings, is
 * left out of the command's bundles, with what it would trace and their 15 milliseconds of every start.
 */
import type { Plugin } from 'esbuild';

const LEAN = 'lean-tracer';

/** What a tracer calls that is not enabled; whatever else it would call is not there. */
const STUB = `const nothing = () => {};
export default { setContextMissingStrategy: nothing, setDaemonAddress: nothing, setLogger: nothing };`;

/** The plugin. */
export function leanTracer(): Plugin {
  return {
    name: LEAN,
    setup(build) {
      build.onResolve({ filter: /^(aws-xray-sdk-core|node:https?)$/ }, ({ importer }) =>
        importer.includes('@aws-lambda-powertools/tracer') ? { path: 'xray', namespace: LEAN } : null,
      );
      build.onLoad({ filter: /.*/, namespace: LEAN }, () => ({ contents: STUB, loader: 'js' }));
    },
  };
}
