// Prints all nodes, and what a refusal looks like.
import { connectByEnvironment, WaltError } from 'walt-api';

const walt = await connectByEnvironment();
for (const { name, model, image, state } of await walt.nodes()) {
  console.log(name, model, image, state);
}
try {
  await walt.call('nodes.show', { node: 'nothing' });
} catch (reason) {
  if (!(reason instanceof WaltError)) throw reason;
  console.log(reason.code, reason.message);
}
