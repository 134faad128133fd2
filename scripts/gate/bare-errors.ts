// Loaded before ava (node --import): keeps its TAP reporter alive at an error whose stack holds no frame, as those of
// node:fs/promises do. supertap 3.0.1 then hands js-yaml `at: undefined`, which throws and takes the whole run with it.
import { createRequire } from 'node:module';

type Yaml = { safeDump(value: unknown, options?: Record<string, unknown>): string };

const yaml: Yaml = createRequire(import.meta.resolve('supertap'))('js-yaml');
const { safeDump } = yaml;
yaml.safeDump = (value, options) => safeDump(value, { ...options, skipInvalid: true });
