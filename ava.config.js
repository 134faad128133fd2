// How the tests run.

/** The longest files begin first: otherwise the last one runs alone, and the other processors wait. */
const LONGEST = [
  'qemu/virtual-nodes',
  'qemu/start',
  'journal/retention',
  'server/full-disk',
  'setup/setup',
  'intake/kill',
  'layers/corpus',
  'release/release',
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
