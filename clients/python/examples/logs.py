"""Prints the last lines of the platform's log, then each event for a second."""

from walt import Client

walt = Client()
for line in walt.logs(stream="platform.", last=20):
    print(line["issuer"], line["stream"], line["line"])
for event in walt.events_follow(seconds=1):
    print(event["event"], event["data"].get("name"))
