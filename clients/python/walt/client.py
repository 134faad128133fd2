"""A client of a WalT server: by HTTPS from anywhere, or by the unix socket of the server's own machine."""

import base64
import http.client
import json
import os
import socket
import ssl
from urllib.parse import quote, urlencode, urlsplit

from .calls import Calls

USUAL_SOCKET = "/run/walt/walt-server.sock"


class WaltError(Exception):
    """The server refused, with a sentence; `code` stays the same whatever the sentence says."""

    def __init__(self, message, status=None, code=None):
        super().__init__(message)
        self.status = status
        self.code = code


class _SocketConnection(http.client.HTTPConnection):
    def __init__(self, path, timeout):
        super().__init__("walt", timeout=timeout)
        self._path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


class Client(Calls):
    """Makes calls. Without arguments the server is the one that WALT_SERVER, WALT_TOKEN and WALT_CA (a file of its
    authority) name, else that of this machine."""

    def __init__(self, server=None, token=None, ca=None, user=None, timeout=120):
        self._server = server or os.environ.get("WALT_SERVER") or ""
        self._token = token or os.environ.get("WALT_TOKEN") or ""
        self._ca = ca or os.environ.get("WALT_CA") or None
        self._socket = os.environ.get("WALT_SOCKET") or USUAL_SOCKET
        self._user = user or os.environ.get("WALT_USER") or os.environ.get("USER") or ""
        self._timeout = timeout
        if self._server and not self._server.startswith("https://"):
            raise ValueError("server has to begin with https://, as https://192.0.2.1:8443")

    # What most scripts need.

    def nodes(self):
        """All nodes: a list of dictionaries."""
        return self.nodes_list()["nodes"]

    def images(self):
        """All images of the server."""
        return self.images_list()["images"]

    def logs(self, **selection):
        """Lines of the log, oldest first; see logs_read for what selects them."""
        return self.logs_read(**selection)

    def wait(self, names, timeout=None):
        """Returns when all of these nodes are booted.

        Raises TimeoutError if they are not within `timeout` seconds.
        """
        names = [names] if isinstance(names, str) else list(names)
        waited = 0
        while True:
            step = 60 if timeout is None else max(0, min(60, timeout - waited))
            reply = self.nodes_wait(names=names, timeout_seconds=step)
            if not reply["missing"]:
                return
            waited += step
            if timeout is not None and waited >= timeout:
                raise TimeoutError("not booted within %s s: %s" % (timeout, ", ".join(reply["missing"])))

    def run(self, names, command, **how):
        """Runs a command of the shell on nodes.

        Returns a dictionary by node: status, out, err (bytes), and error where it did not run to its end.
        """
        names = [names] if isinstance(names, str) else list(names)
        results = {}

        def of(node):
            return results.setdefault(node, {"status": None, "out": b"", "err": b"", "error": None})

        for line in self.nodes_run(names=names, command=command, **how):
            if line["kind"] == "output":
                of(line["node"])["err" if line["isError"] else "out"] += base64.b64decode(line["data"])
            elif line["kind"] == "ended":
                of(line["node"]).update(status=line["status"], error=line["error"])
            elif line["kind"] == "failed":
                raise WaltError(line["error"])
        return results

    # How calls are made.

    def _connect(self):
        if not self._server:
            return _SocketConnection(self._socket, self._timeout)
        place = urlsplit(self._server)
        context = _context(self._ca)
        port = place.port or 443
        return http.client.HTTPSConnection(place.hostname, port, timeout=self._timeout, context=context)

    def _ask(self, kind, method, path, fields):
        given = {name: value for name, value in fields.items() if value is not None}
        for name in [name for name in given if "{%s}" % name in path]:
            path = path.replace("{%s}" % name, quote(str(given.pop(name)), safe=""))
        body = None
        headers = {"authorization": "Bearer " + self._token} if self._server else {"x-walt-user": self._user}
        if method == "POST":
            body = json.dumps(given)
            headers["content-type"] = "application/json"
        elif given:
            words = {name: _word(value) for name, value in given.items()}
            path += "?" + urlencode(words)
        connection = self._connect()
        try:
            _begin(connection, self._server or self._socket, method, path, body, headers)
            if kind == "lines":
                _wait_for_good(connection.sock)
            response = connection.getresponse()
            if response.status != 200:
                raise _refusal(response)
        except BaseException:
            connection.close()
            raise
        if kind in ("lines", "events"):
            return _pieces(kind, response, connection)
        try:
            text = response.read().decode()
        finally:
            connection.close()
        return json.loads(text) if kind == "value" else text


def _context(ca):
    try:
        return ssl.create_default_context(cafile=ca)
    except OSError as error:
        how = "expected what walt-server authority prints on the server"
        raise ValueError("Cannot use ca %s: %s, %s" % (ca, error.strerror or error, how)) from error


def _begin(connection, where, *request):
    try:
        connection.request(*request)
    except ssl.SSLCertVerificationError as error:
        how = "give ca, or WALT_CA, the file with what walt-server authority prints on the server"
        message = "Cannot tell whether this is the server: %s. Expected its authority: %s" % (error.verify_message, how)
        raise WaltError(message, code="unknown-authority") from error
    except OSError as error:
        reason = error.strerror or error
        raise ConnectionError("Cannot reach %s: %s. Is walt-server running there?" % (where, reason)) from error


def _wait_for_good(sock):
    """A command may say nothing for hours; whether the server is there is asked by TCP."""
    sock.settimeout(None)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)


def _word(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def _refusal(response):
    text = response.read().decode(errors="replace")
    try:
        told = json.loads(text)
        return WaltError(told["error"], response.status, told.get("code"))
    except (ValueError, KeyError, TypeError):
        return WaltError("the server answered %s: %s" % (response.status, text[:200]), response.status)


def _pieces(kind, response, connection):
    try:
        yield from _lines(response) if kind == "lines" else _events(response)
    finally:
        response.close()
        connection.close()


def _lines(response):
    for text in response:
        line = json.loads(text)
        if set(line) == {"error"}:
            raise WaltError(line["error"])
        yield line


def _events(response):
    """Each event as {"id", "event", "data"}."""
    fields = {}
    for raw in response:
        text = raw.decode().rstrip("\n")
        if text == "":
            if "data" in fields:
                yield {"id": fields.get("id"), "event": fields["event"], "data": json.loads(fields["data"])}
            fields = {}
        elif not text.startswith(":"):
            name, _, value = text.partition(": ")
            fields[name] = value
