/** A test process that makes things and then waits: argument 1 is its namespace, 2 its folder. For the watchdog's test. */
import { spawn } from 'node:child_process';
import { createNamespace } from '../../../lab/network/namespace.ts';
import { watchOver } from '../../../lab/programs/watchdog.ts';

const [name = '', folder = ''] = process.argv.slice(2);
watchOver({ namespaces: [name], folders: [folder] });
const namespace = await createNamespace(name);
const [file = '', ...args] = namespace.command(['sleep', '1000']);
const sleeper = spawn(file, args, { stdio: 'ignore', detached: true });
sleeper.once('spawn', () => console.log(`started ${sleeper.pid}`));
