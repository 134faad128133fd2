// Modules of Node.js in a bundle, asked for when a module that needs them runs. A static import of `node:http` reads each of its
// exports, and some of them (`WebSocket`) load Node's own fetch: 40 ms that `walt` would pay at each start. The same for others, less.
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
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
      loader: 'js',
    }));
  },
};
