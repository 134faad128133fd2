// Zod has its messages in some fifty languages, and its main module names them all. We show English ones; the others would be a twentieth of
// the server, which Node.js reads at each start.
import type { Plugin } from 'esbuild';

/** Leaves the list of languages with English alone. */
export const oneLanguage: Plugin = {
  name: 'one-language',
  setup(build) {
    build.onLoad({ filter: /\/zod\/v4\/locales\/index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
      loader: 'js',
    }));
  },
};
