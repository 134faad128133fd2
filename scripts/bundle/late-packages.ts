// Packages that a start does without, as text in a bundle: Node.js reads a program whole, each function of it, before it begins, and
// passes over a text much faster. They were a third of `walt`, and a quarter of the server.
import { build, type Plugin } from 'esbuild';

const SPACE = 'late';
const NAMES = /^(?:ws|marked|net-snmp|systeminformation|openid-client|@peculiar\/x509)$/;

/** Makes of each a module that compiles its text when something of it is first used. */
export const latePackages: Plugin = {
  name: 'late-packages',
  setup({ initialOptions, onResolve, onLoad }) {
    const { absWorkingDir = '.', target = [] } = initialOptions;
    onResolve({ filter: NAMES }, ({ path }) => ({ path, namespace: SPACE }));
    onLoad({ filter: /.*/, namespace: SPACE }, async ({ path }) => ({
      contents: moduleOf(path, await textOf(path, { absWorkingDir, target })),
      loader: 'js',
    }));
  },
};

async function textOf(
  name: string,
  { absWorkingDir, target }: { absWorkingDir: string; target: string | string[] },
): Promise<string> {
  const { outputFiles } = await build({
    ...{ absWorkingDir, target },
    stdin: { contents: `module.exports = require('${name}');`, resolveDir: absWorkingDir },
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    preserveSymlinks: true,
    minifyWhitespace: true,
    minifySyntax: true,
    // Licences stay in the text that they are about.
    legalComments: 'inline',
  });
  return outputFiles[0]?.text ?? '';
}

/** What the bundler makes of a module copies its own names, and inherits from its prototype (built-in-modules.ts): here nothing is copied. */
function moduleOf(name: string, text: string): string {
  const whole = JSON.stringify(`(function (require, module) {${text}\nreturn module.exports;})`);
  return `let whole;
const text = ${whole};
const compiled = () =>
  process.getBuiltinModule('node:vm').runInThisContext(text, { filename: ${JSON.stringify(name)} })(require, { exports: {} });
const get = (_, name) => (name === '__esModule' ? undefined : (whole ??= compiled())[name]);
module.exports = Object.create(new Proxy({}, { get }));`;
}
