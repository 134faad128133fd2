// A server as people get it, in a virtual machine: with the kernel's NFS server, and a power cut that its kernel does not live through.
import { testWholeLife } from '../../support/server-machine/whole-life.ts';

testWholeLife('vm');
