// Machines come and go in one secondary network, all at once, and people ask at once what the kernel can do.
import { readdir } from 'node:fs/promises';
import { runProgram } from '../../../agent/host/processes/program.ts';
import { Taps } from '../../../agent/machines/kept/taps.ts';

const BRIDGE = 'walt-net';
const networks = [{ name: BRIDGE }, { name: 'shared' }];
const macs = [1, 2, 3, 4, 5, 6].map((number) => `52:54:00:00:00:0${number}`);
const taps = new Taps(BRIDGE);

/** No process has this number: the kernel gives them up to 4194304. */
const LEFT_BEHIND = 'wt-try-9999999';

const failures: string[] = [];
const note = (reason: unknown) => void failures.push(String(reason));
await runProgram('ip', ['tuntap', 'add', 'dev', LEFT_BEHIND, 'mode', 'tap']);
await Promise.all(
  macs.map(async (mac) => {
    await taps.add(mac, networks).catch(note);
    await taps.remove(mac).catch(note);
  }),
);
const slow = macs.map((_, number) => [{ name: `slow-${number}`, bitsPerSecond: 1e6 }]);
await Promise.all(slow.map((wanted) => taps.complaint(wanted).catch(note)));
const left = (await readdir('/sys/class/net')).filter((name) => /^(v|wn-|wt-try)/.test(name));
console.log(JSON.stringify({ failures, left }));
