/**
 * Of undici the programs use its HTTP/1.1 client and connector. Its entry also loads fetch, WebSocket, caches, mocks and HTTP/2, which costs every
 * mapper 50 ms of start; in the bundles the entry is these two, and HTTP/2 (which our transport never allows) is left out. So is its experimental
 * second parser, Milo, by the name that undici's own build for Node defines: 180 KB of every program.
 */
import { join } from 'node:path';
import type { Plugin } from 'esbuild';

const LEAN = 'lean-undici';

/** Only what is imported from undici in this project; whoever needs more adds it here. */
const ENTRY = "module.exports = { Client: require('undici/lib/dispatcher/client.js'), buildConnector: require('undici/lib/core/connect.js') };";
const NO_HTTP2 = "module.exports = () => { throw new Error('the bundles have no HTTP/2'); };";

/** The plugin; a file that undici no longer has fails the build. */
export function leanUndici(root: string): Plugin {
  return {
    name: LEAN,
    setup(build) {
      build.initialOptions.define = { ...build.initialOptions.define, esbuildDetection: 'true' };
      build.onResolve({ filter: /^undici$/ }, () => ({ path: 'entry', namespace: LEAN }));
      build.onResolve({ filter: /^\.\/client-h2(\.js)?$/ }, (found) =>
        found.importer.includes(join('undici', 'lib')) ? { path: 'http2', namespace: LEAN } : null,
      );
      build.onLoad({ filter: /.*/, namespace: LEAN }, ({ path }) => ({ contents: path === 'entry' ? ENTRY : NO_HTTP2, loader: 'js', resolveDir: root }));
    },
  };
}
