// What the kernel tells of counters without a program, beside what nft(8) lists.
import { ruleCountersBy } from '../../../agent/net/ffi/netlink/rule-counters.ts';
import { loadSystemCalls } from '../../../agent/net/ffi/system-calls.ts';
import { runProgram } from '../../../lab/programs/run-program.ts';

const RULES = `
table ip walt {
  set walt-noted { type ipv4_addr; flags dynamic, timeout; timeout 1m; }
  chain drop-one { counter update @walt-noted { ip saddr } drop; }
  chain drop-two { counter packets 4294967299 bytes 9 drop; }
  chain output { type filter hook output priority 0; ip daddr 127.0.0.2 jump drop-one; }
}
table ip others { chain drop-one { counter packets 7 bytes 7 drop; }; }
`;

const calls = await loadSystemCalls();
const look = () => {
  const found = calls && ruleCountersBy(calls, 'walt');
  return found === undefined ? undefined : Object.fromEntries(found);
};
const nft = async (input: string) => {
  const { code, said } = await runProgram(['/usr/sbin/nft', '-f', '-'], { input });
  if (code !== 0) throw new Error(said);
};

const before = look();
await nft(RULES);
const made = look();
await runProgram(['ip', 'link', 'set', 'lo', 'up']);
await runProgram(['ping', '-c', '2', '-i', '0.2', '-W', '1', '127.0.0.2']);
const met = look();
await nft('delete table ip walt');
console.log(JSON.stringify({ before, made, met, after: look() }));
