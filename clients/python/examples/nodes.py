"""Prints all nodes, and what a refusal looks like."""

from walt import Client, WaltError

walt = Client()
for node in walt.nodes():
    print(node["name"], node["model"], node["image"], node["state"])
try:
    walt.nodes_show(node="nothing")
except WaltError as error:
    print(error.code, error)
