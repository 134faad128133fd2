// Shows the console of a node, types a line there, and leaves it.
import { connectByEnvironment } from 'walt-api';

const walt = await connectByEnvironment();
const [node = '', keys = ''] = process.argv.slice(2);
const console_ = await walt.open('consoles.attach', { node });
console_.type(`${keys}\r`);
const decoder = new TextDecoder();
for await (const said of console_) {
  if (!(said instanceof Uint8Array)) continue;
  process.stdout.write(decoder.decode(said, { stream: true }));
  console_.close();
}
