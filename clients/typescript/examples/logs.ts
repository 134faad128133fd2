// Prints the last lines of the platform's log, then each event for a second.
import { connectByEnvironment } from 'walt-api';

const walt = await connectByEnvironment();
for await (const line of walt.lines('logs.read', { stream: 'platform.', last: 20 })) {
  console.log(line.issuer, line.stream, line.line);
}
for await (const { event, data } of walt.events({ seconds: 1 })) console.log(event, data.name);
