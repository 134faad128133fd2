/** npm's `tftp` as a server, for the bench. Arguments: address, folder. */
import { createRequire } from 'node:module';

type NpmServer = { listen(): void; on(event: string, listener: (error: Error) => void): void };
type NpmTftp = { createServer(options: Record<string, unknown>): NpmServer };

const [host = '', root = ''] = process.argv.slice(2);
const tftp: NpmTftp = createRequire(import.meta.url)('tftp');
const server = tftp.createServer({ host, port: 69, root, denyPUT: true });
server.on('error', (error) => console.error(`npm tftp: ${error.message}`));
server.listen();
