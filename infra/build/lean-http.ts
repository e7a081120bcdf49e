/**
 * An ES module that imports `node:http` reads all its exports at once, and with its WebSocket Node loads its own undici: 35 milliseconds of every
 * start. In the bundles of the command the import is one of these names, which nothing else hangs on.
 */
import type { Plugin } from 'esbuild';

const LEAN = 'lean-http';

const NAMES = [
  ...['Agent', 'ClientRequest', 'IncomingMessage', 'METHODS', 'OutgoingMessage', 'STATUS_CODES', 'Server', 'ServerResponse', 'createServer'],
  ...['get', 'globalAgent', 'maxHeaderSize', 'request', 'setMaxIdleHTTPParsers', 'validateHeaderName', 'validateHeaderValue'],
];

/** The plugin. */
export function leanHttp(): Plugin {
  return {
    name: LEAN,
    setup(build) {
      build.onResolve({ filter: /^(node:)?http$/ }, ({ kind }) => (kind === 'import-statement' ? { path: 'http', namespace: LEAN } : null));
      build.onLoad({ filter: /.*/, namespace: LEAN }, () => ({
        contents: `const http = process.getBuiltinModule('node:http');\nexport default http;\nexport const { ${NAMES.join(', ')} } = http;`,
        loader: 'js',
      }));
    },
  };
}
