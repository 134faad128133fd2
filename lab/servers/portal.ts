// Answers every HTTP request on port 80 of the address given with a login page.
import { createServer } from 'node:http';

createServer((_request, response) => {
  response.end('<!DOCTYPE html><title>Welcome</title><p>Please log in to use this network.</p>\n');
}).listen(80, process.argv[2]);
