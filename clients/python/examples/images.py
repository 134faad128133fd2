"""Prints all images, and which nodes boot them."""

from walt import Client

walt = Client()
nodes = walt.nodes()
for image in walt.images():
    users = [node["name"] for node in nodes if node["image"] == image["name"]]
    print(image["name"], ",".join(image["models"]), *users)
