// A server as people get it, in a container of this machine's kernel; test/matrix/installed/installed-server.test.ts has it in a virtual machine.
import { testWholeLife } from '../support/server-machine/whole-life.ts';

testWholeLife('container');
