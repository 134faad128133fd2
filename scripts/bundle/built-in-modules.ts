// Modules of Node.js in a bundle, each loaded when something of it is first used. A static import of `node:http` reads each of its
// exports, and some of them (`WebSocket`) load Node's own fetch: 40 ms that `walt` would pay at each start. `node:crypto` takes 5 ms
// by itself, and few commands need it.
import { isBuiltin } from 'node:module';
import type { Plugin } from 'esbuild';

const SPACE = 'built-in';
const IMPORTS: readonly string[] = ['import-statement', 'dynamic-import'];

/** Makes a module of Node.js one of the bundle, which hands out what Node.js has. */
export const builtInModules: Plugin = {
  name: 'built-in-modules',
  setup(build) {
    build.onResolve({ filter: /^node:/ }, ({ path, kind }) =>
      IMPORTS.includes(kind) && isBuiltin(path) ? { path, namespace: SPACE } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: SPACE }, ({ path }) => ({
      contents: contentsOf(path),
      loader: 'js',
    }));
  },
};

function contentsOf(path: string): string {
  const ask = `process.getBuiltinModule(${JSON.stringify(path)})`;
  // One that is a function (node:events) cannot be stood in for by an object; Node.js itself has loaded those.
  if (typeof process.getBuiltinModule(path) === 'function') return `module.exports = ${ask};`;
  // What the bundler makes of a module copies all of its own names, and inherits from its prototype: here nothing has to be copied.
  return `let whole;
const get = (_, name) => (name === '__esModule' ? undefined : (whole ??= ${ask})[name]);
module.exports = Object.create(new Proxy({}, { get }));`;
}
