// Shells in images, as `walt image shell` opens them, without a terminal.
import type { Client, Reply } from '../../../agent/cli/client.ts';

/** A call that opens a shell, and what it asks. */
type Opening =
  | readonly ['images.shell', { readonly name: string }]
  | readonly ['images.resumeShell', { readonly id: string }];

/** Opens a shell, runs a script in it and leaves. @returns id of the session */
export async function visitShell(
  client: Client,
  [call, asked]: Opening,
  script: string,
): Promise<string> {
  const lines = call === 'images.shell' ? client.lines(call, asked) : client.lines(call, asked);
  let id = '';
  for await (const line of lines) {
    if (line.kind === 'failed') throw new Error(line.error);
    if (line.kind === 'shell') {
      ({ id } = line);
      const data = Buffer.from(`${script}\n`).toString('base64');
      await client.call('shells.type', { id, data, isEnd: true });
    }
    if (line.kind === 'ended') return id;
  }
  throw new Error('there was no shell');
}

/** The shells that are kept, once there is one: the server hears a little later that somebody has gone. */
export async function someKept(client: Client): Promise<Reply<'images.keptShells'>['shells']> {
  for (;;) {
    const { shells } = await client.call('images.keptShells');
    if (shells.length > 0) return shells;
  }
}

/** Leaves a shell in which something was changed. @returns id of the session, which is kept */
export async function keepShell(client: Client, name: string): Promise<string> {
  const id = await visitShell(client, ['images.shell', { name }], `echo 1 > /made-${Date.now()}`);
  for (;;) if ((await someKept(client)).some((shell) => shell.id === id)) return id;
}
