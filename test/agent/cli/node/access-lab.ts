// A server with the default image, nodes that run it, and `walt` in front.
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { Device } from '../../../../agent/devices/device.ts';
import { defaultImage } from '../../../../lab/lab.ts';
import { freePort } from '../../../../lab/network/free-port.ts';
import { runProgram } from '../../../../lab/programs/run-program.ts';
import { WALT } from '../../../../lab/programs/walt-programs.ts';
import { nodeNamed } from '../../../support/nodes/node-named.ts';
import { type RunningNode, startNode } from '../../../support/nodes/running-nodes.ts';
import { runOnTerminal } from '../../../support/process/terminal.ts';
import { put } from '../../../support/put.ts';
import { startTestPlatform, type TestPlatform } from '../test-platform.ts';

const IMAGE = 'waltplatform/pc-x86-64-default:latest';

export type AccessLab = {
  readonly platform: TestPlatform;
  /** Starts a node, free unless another image is named, on 127.0.160.N. */
  readonly node: (name: string, how?: NodeOptions) => Promise<RunningNode>;
  /** Runs `walt` of alice with this standard input. */
  readonly script: (
    input: string,
    ...args: string[]
  ) => Promise<{ code: number | null; said: string }>;
  /** Types lines at `walt` of alice on a terminal. */
  readonly type: (
    args: string,
    lines: Parameters<typeof runOnTerminal>[1]['lines'],
  ) => ReturnType<typeof runOnTerminal>;
  readonly addressOf: (name: string) => string;
};

type NodeOptions = {
  readonly image?: string;
  readonly sshdConfig?: readonly string[];
  /** its host key is not the one that the server gave */
  readonly isStranger?: boolean;
  readonly more?: Partial<Device>;
};

/** Everything of it ends with the test. */
export async function accessLab(t: ExecutionContext): Promise<AccessLab> {
  t.timeout(5 * 60_000);
  const port = await freePort();
  const platform = await startTestPlatform({ sshPort: port });
  const nodes: RunningNode[] = [];
  t.teardown(async () => {
    await Promise.all(nodes.map((node) => node.stop()));
    await platform.close();
  });
  await platform.images.import(defaultImage, { name: IMAGE, progress: () => undefined });
  const root = platform.images.keyOf(IMAGE) ?? '';
  const addresses = new Map<string, string>();
  const addressOf = (name: string) => addresses.get(name) ?? '';
  const env = { WALT_SOCKET: platform.socket, WALT_USER: 'alice' };
  const words = Object.entries(env).map(([key, value]) => `${key}=${value}`);
  return {
    ...{ platform, addressOf },
    node: async (name, { image = IMAGE, isStranger = false, sshdConfig = [], more } = {}) => {
      const ip = `127.0.160.${addresses.size + 1}`;
      addresses.set(name, ip);
      const device = nodeNamed(name, { ip, image, root, ...more });
      await put(platform.registry, device);
      const identity = await platform.identities.give(device.mac, 1);
      const given = isStranger || identity === undefined ? {} : { identity };
      const folder = join(platform.folder, 'nodes', name);
      const started = { image: platform.images.rootOf(root), folder, ip, port, sshdConfig };
      const node = await startNode({ ...started, ...given });
      nodes.push(node);
      return node;
    },
    script: (input, ...args) =>
      runProgram(['env', ...words, process.execPath, WALT, ...args], { input, seconds: 120 }),
    type: (args, lines) =>
      runOnTerminal(`exec ${process.execPath} ${WALT} ${args}`, { lines, env }),
  };
}
