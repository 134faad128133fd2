"""Waits for the nodes that are named, then runs a command on them."""

import sys

from walt import Client

walt = Client()
names = sys.argv[1:]
try:
    walt.wait(names, timeout=2)
except TimeoutError as error:
    sys.exit(str(error))
for name, result in walt.run(names, "uname --machine").items():
    print(name, result["status"], result["out"].decode().strip(), result["error"] or "")
