// A colleague's program: asks for the nodes again and again until its standard input ends, once on a new connection and once on one that
// stays. Prints how long each took, in milliseconds, and how many failed, as JSON.
import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

const [url = '', token = '', caFile = ''] = process.argv.slice(2);
const ca = await readFile(caFile);
const kept = new Agent({ keepAlive: true, maxSockets: 1 });
const times = { fresh: [] as number[], kept: [] as number[], failures: 0 };
const PAUSE_MS = 20;
const MOST_MS = 30_000;

let isOver = false;
process.stdin.resume().once('end', () => {
  isOver = true;
});
while (!isOver) {
  await timed('fresh', false);
  await timed('kept', kept);
  await sleep(PAUSE_MS);
}
kept.destroy();
console.log(JSON.stringify(times));

async function timed(kind: 'fresh' | 'kept', agent: Agent | false): Promise<void> {
  const start = performance.now();
  try {
    await ask(agent);
    times[kind].push(performance.now() - start);
  } catch {
    times.failures += 1;
  }
}

function ask(agent: Agent | false): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  return new Promise((resolve, reject) => {
    const asking = request(`${url}/api/v1/nodes`, { headers, ca, agent, timeout: MOST_MS });
    asking.once('timeout', () => asking.destroy(new Error('no answer')));
    asking.once('error', reject);
    asking.once('response', (answer) => {
      const isGood = answer.statusCode === 200;
      answer.once('error', reject);
      answer.resume().once('end', () => (isGood ? resolve() : reject(new Error('refused'))));
    });
    asking.end();
  });
}
