"""WalT: nodes, images and logs of a WalT server, from Python 3.9 on, with the standard library alone."""

from .client import Client, WaltError

__all__ = ["Client", "WaltError"]
