// Waits for the nodes that are named, then runs a command on them.
import { connectByEnvironment, WaltError } from 'walt-api';

const walt = await connectByEnvironment();
const names = process.argv.slice(2);
try {
  await walt.wait(names, { seconds: 2 });
  for (const [name, { status, out, error }] of await walt.run(names, 'uname --machine')) {
    console.log(name, status, out.trim(), error ?? '');
  }
} catch (reason) {
  if (!(reason instanceof WaltError)) throw reason;
  console.error(reason.message);
  process.exitCode = 1;
}
