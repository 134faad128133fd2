// Packages that few commands of `walt` need, as text in its bundle: Node.js reads a program whole, each function of it, before it begins, and
// passes over a text much faster. They were a third of the program.
import { build, type Plugin } from 'esbuild';

const SPACE = 'late';
const NAMES = /^(ws|marked)$/;

/** Makes of each a module that compiles its text when something of it is first imported. */
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
    stdin: { contents: `export * from '${name}';`, resolveDir: absWorkingDir },
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    preserveSymlinks: true,
    minifyWhitespace: true,
    minifySyntax: true,
    // Told by the bundle that it is a part of.
    legalComments: 'none',
  });
  return outputFiles[0]?.text ?? '';
}

function moduleOf(name: string, text: string): string {
  const whole = JSON.stringify(`(function (require, module) {${text}\n})`);
  return `const { runInThisContext } = process.getBuiltinModule('node:vm');
runInThisContext(${whole}, { filename: ${JSON.stringify(name)} })(require, module);`;
}
