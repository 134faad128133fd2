// How the tests run.

/**
 * The longest files begin first: otherwise the last one runs alone, and the other processors wait. Those that wait for time to pass
 * (`retention`, `setup`, `mend`) stand beside those that compute.
 */
const LONGEST = [
  'qemu/virtual-nodes',
  'qemu/start',
  'qemu/installed-server',
  'release/release',
  'journal/retention',
  'layers/corpus',
  'setup/setup',
  'server/full-disk',
  'poe/mend',
  'fuzz/fuzz',
];

const turnOf = (file) => LONGEST.findIndex((name) => file.includes(`${name}.test.`)) >>> 0;

export default {
  extensions: ['ts'],
  files: ['test/**/*.test.ts'],
  timeout: '2m',
  // A process for each file: what one opens, leaves open or breaks is nobody else's.
  workerThreads: false,
  sortTestFiles: (one, other) => turnOf(one) - turnOf(other) || one.localeCompare(other),
};
