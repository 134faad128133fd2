"""All calls of the API. Made from docs/openapi.json by scripts/docs.ts: change the calls there."""


class Calls:
    """A method for each call; what it takes is named as in docs/api.md, with underscores."""

    def _ask(self, kind, method, path, fields):
        raise NotImplementedError

    def server_version(self):
        """The version of the server.
        """
        return self._ask("value", "GET", "/api/v1/version", {})

    def server_describe(self):
        """All calls of the API, as OpenAPI 3.1.
        """
        return self._ask("value", "GET", "/api/v1/openapi.json", {})

    def server_metrics(self):
        """Numbers for Prometheus (docs/metrics.md).
        """
        return self._ask("text", "GET", "/metrics", {})

    def server_examine(self):
        """Checks the server as an operator would, which takes some seconds.
        """
        return self._ask("value", "GET", "/api/v1/examination", {})

    def devices_list(self):
        """The server, the nodes and the devices that are no nodes (yet).
        """
        return self._ask("value", "GET", "/api/v1/devices", {})

    def devices_rename(self, *, device, name, takes_others=None):
        """Gives a device another name. The reply is the device.

        device: its name now
        name: the new one: 2 to 63 letters, digits and dashes, a letter first
        takes_others: also a node that belongs to another user
        """
        return self._ask("value", "POST", "/api/v1/devices/{device}/rename", {"device": device, "name": name, "takesOthers": takes_others})

    def devices_forget(self, *, device, force=None, removes_kept=None, takes_others=None):
        """Forgets a device with its boots. If it comes back, it is a new one. The reply is the device as it was.

        device: its name
        force: also a node that has booted before
        removes_kept: remove what the node kept on the server (setting mount.persist), of all owners
        takes_others: also a node that belongs to another user, or keeps files of one
        """
        return self._ask("value", "POST", "/api/v1/devices/{device}/forget", {"device": device, "force": force, "removesKept": removes_kept, "takesOthers": takes_others})

    def devices_kept(self, *, device):
        """Whose files a device keeps on the server (setting mount.persist), which outlast its setting.

        device: its name
        """
        return self._ask("value", "GET", "/api/v1/devices/{device}/kept", {"device": device})

    def devices_ping(self, *, device, count=None):
        """Asks a device by ping(8) on the server whether it is there. Status 1 says that nothing came back.

        device: its name
        count: how often it is asked, once a second
        """
        return self._ask("lines", "POST", "/api/v1/devices/{device}/ping", {"device": device, "count": count})

    def devices_shell(self, *, device, account=None, terminal=None):
        """Opens a shell on a device that is no node, by ssh(1) on the server with the server's key or a password that is typed.

        device: its name
        account: on the device
        terminal: without it the shell has pipes
        """
        return self._ask("lines", "POST", "/api/v1/devices/{device}/shell", {"device": device, "account": account, "terminal": terminal})

    def nodes_list(self):
        """All nodes.
        """
        return self._ask("value", "GET", "/api/v1/nodes", {})

    def nodes_create(self, *, name, settings=None):
        """Makes a virtual node, which is the caller's, and powers it on. It boots as a PC does.

        name: 2 to 63 letters, digits and dashes, a letter first
        settings: values by their keys, as `{"ram": "2G"}`; all else has its default
        """
        return self._ask("value", "POST", "/api/v1/nodes", {"name": name, "settings": settings})

    def nodes_show(self, *, node):
        """One node, and the stages of its last boot.

        node: its name
        """
        return self._ask("value", "GET", "/api/v1/nodes/{node}", {"node": node})

    def nodes_reliability(self):
        """How reliably the nodes boot, counted since they are known.
        """
        return self._ask("value", "GET", "/api/v1/reliability", {})

    def nodes_remove(self, *, node, takes_others=None):
        """Removes a virtual node, with its disks. The reply says what it had.

        node: its name
        takes_others: also one that belongs to another user
        """
        return self._ask("value", "POST", "/api/v1/nodes/{node}/remove", {"node": node, "takesOthers": takes_others})

    def nodes_rename(self, *, node, name, takes_others=None):
        """Gives a node another name. The reply is the node.

        node: its name now
        name: the new one: 2 to 63 letters, digits and dashes, a letter first
        takes_others: also one that belongs to another user
        """
        return self._ask("value", "POST", "/api/v1/nodes/{node}/rename", {"node": node, "name": name, "takesOthers": takes_others})

    def nodes_reboot(self, *, names, takes_others=None, hard=None):
        """Asks the running system of nodes to reboot, or does it by their power. A line for each node as it is done.

        names: of nodes, one or more
        takes_others: also nodes that belong to other users
        hard: by the power driver of each node, unasked
        """
        return self._ask("lines", "POST", "/api/v1/nodes/reboot", {"names": names, "takesOthers": takes_others, "hard": hard})

    def nodes_power(self, *, names, verb, takes_others=None):
        """Switches the power of nodes by their power drivers, or asks how it stands. A line for each node as it is done.

        names: of nodes, one or more
        takes_others: also nodes that belong to other users
        """
        return self._ask("lines", "POST", "/api/v1/nodes/power", {"names": names, "verb": verb, "takesOthers": takes_others})

    def nodes_wait(self, *, names, timeout_seconds):
        """Answers when all are booted or the time is over. Nodes that sleep are woken, but not for a viewer.

        names: of nodes, one or more
        """
        return self._ask("value", "POST", "/api/v1/nodes/wait", {"names": names, "timeoutSeconds": timeout_seconds})

    def nodes_boot(self, *, names, image, takes_others=None):
        """Lets nodes boot an image of the caller's: they are the caller's then.

        names: of nodes, one or more
        image: an image of the caller's, as `web:v2`
        takes_others: also nodes that belong to other users
        """
        return self._ask("value", "POST", "/api/v1/nodes/boot", {"names": names, "image": image, "takesOthers": takes_others})

    def nodes_boot_local(self, *, names, takes_others=None):
        """Lets nodes start from their own disks, until they are given an image. They keep the images that they have, and their owners.

        names: of nodes, one or more
        takes_others: also nodes that belong to other users
        """
        return self._ask("value", "POST", "/api/v1/nodes/boot-local", {"names": names, "takesOthers": takes_others})

    def nodes_acquire(self, *, names, takes_others=None):
        """Makes nodes the caller's: they boot the caller's clone of the default image of their model.

        names: of nodes, one or more
        takes_others: also nodes that belong to other users
        """
        return self._ask("value", "POST", "/api/v1/nodes/acquire", {"names": names, "takesOthers": takes_others})

    def nodes_release(self, *, names, takes_others=None, wakes=None):
        """Gives nodes back: they boot the default image of their model and are free.

        names: of nodes, one or more
        takes_others: also nodes that belong to other users
        wakes: gives power to nodes that were switched off to save it, as `boot` does
        """
        return self._ask("value", "POST", "/api/v1/nodes/release", {"names": names, "takesOthers": takes_others, "wakes": wakes})

    def nodes_shell(self, *, node, takes_others=None, terminal=None):
        """Opens a shell of root on a running node, by the server's key and the node's known host key.

        node: its name
        takes_others: also a node that belongs to another user
        terminal: without it the shell has pipes
        """
        return self._ask("lines", "POST", "/api/v1/nodes/{node}/shell", {"node": node, "takesOthers": takes_others, "terminal": terminal})

    def nodes_copy_in(self, *, node, path, name, takes_others=None, is_folder=None):
        """Copies a file or folder to a running node. It comes as a tar by `shells.type`, up to `isEnd`.

        node: its name
        path: where it goes on the node, from /root on where it is not absolute
        name: of the file or folder in the tar
        takes_others: also a node that belongs to another user
        is_folder: `path` has to be a folder, which it goes into
        """
        return self._ask("lines", "POST", "/api/v1/nodes/{node}/copy-in", {"node": node, "path": path, "name": name, "takesOthers": takes_others, "isFolder": is_folder})

    def nodes_copy_out(self, *, node, path, takes_others=None):
        """Reads a file or folder of a running node. The output is a tar.

        node: its name
        path: of the file or folder
        takes_others: also a node that belongs to another user
        """
        return self._ask("lines", "POST", "/api/v1/nodes/{node}/copy-out", {"node": node, "path": path, "takesOthers": takes_others})

    def nodes_copy_between(self, *, node, path, target, target_path, takes_others=None, is_folder=None):
        """Copies a file or folder of a running node to another one.

        node: its name
        path: of the file or folder
        target: name of the other node
        target_path: where it goes there
        takes_others: also a node that belongs to another user
        is_folder: `targetPath` has to be a folder
        """
        return self._ask("lines", "POST", "/api/v1/nodes/{node}/copy-to", {"node": node, "path": path, "target": target, "targetPath": target_path, "takesOthers": takes_others, "isFolder": is_folder})

    def nodes_save(self, *, node, name, takes_others=None, force=None):
        """Makes an image of the caller's of the one that a running node has, and of what changed there since it booted.

        node: its name
        name: an image of the caller's, as `web:v2`
        takes_others: also a node that belongs to another user
        force: replaces an image of that name
        """
        return self._ask("lines", "POST", "/api/v1/nodes/{node}/save", {"node": node, "name": name, "takesOthers": takes_others, "force": force})

    def nodes_connect(self, *, node, port, takes_others=None):
        """Connects with a TCP port of a running node, as that itself reaches it. What goes there comes by `shells.type`.

        node: its name
        takes_others: also a node that belongs to another user
        """
        return self._ask("lines", "POST", "/api/v1/nodes/{node}/connect", {"node": node, "port": port, "takesOthers": takes_others})

    def nodes_blink(self, *, node, takes_others=None, seconds=None):
        """Lets a light of a running node blink, until the time is over or the request ends.

        node: its name
        takes_others: also a node that belongs to another user
        """
        return self._ask("lines", "POST", "/api/v1/nodes/{node}/blink", {"node": node, "takesOthers": takes_others, "seconds": seconds})

    def nodes_run(self, *, names, command, takes_others=None, parallel=None, timeout_seconds=None):
        """Runs a command line on nodes. It ends everywhere when the request ends.

        names: of nodes, one or more
        command: for the shell of each node
        takes_others: also a node that belongs to another user
        parallel: so many nodes at once
        timeout_seconds: then it is ended on a node; without it there is no end
        """
        return self._ask("lines", "POST", "/api/v1/nodes/run", {"names": names, "command": command, "takesOthers": takes_others, "parallel": parallel, "timeoutSeconds": timeout_seconds})

    def consoles_open(self, *, device, takes_others=None, wish=None, history=None, after=None, follows=None):
        """What the consoles of a device said, as it was recorded, and what they say until the request ends.

        device: its name
        takes_others: also a node that belongs to another user
        wish: look alone; type, if nobody does; type instead of whoever does
        history: lines of the past to begin with
        after: instead: go on behind what was read (`next`)
        follows: go on with what comes
        """
        return self._ask("lines", "POST", "/api/v1/consoles/open", {"device": device, "takesOthers": takes_others, "wish": wish, "history": history, "after": after, "follows": follows})

    def consoles_type(self, *, id, data):
        """Gives keys to the console, of whoever may type there.

        id: of an open console
        data: what is typed, base64
        """
        return self._ask("value", "POST", "/api/v1/consoles/type", {"id": id, "data": data})

    def consoles_leave(self, *, id):
        """Ends the answer of `consoles.open`.

        id: of an open console
        """
        return self._ask("value", "POST", "/api/v1/consoles/leave", {"id": id})

    def settings_list(self):
        """What can be set of devices.
        """
        return self._ask("value", "GET", "/api/v1/settings", {})

    def nodes_settings(self, *, names):
        """The settings of nodes. What may open something is shown to role `operator` alone.

        names: one or more
        """
        return self._ask("value", "POST", "/api/v1/nodes/settings", {"names": names})

    def nodes_config(self, *, names, settings, takes_others=None, loses_data=None):
        """Changes settings of nodes: of all that are named, or of none. Those by which the server reaches hardware take role `operator`.

        names: one or more
        settings: values by their keys, as `{"ram": "2G"}`
        takes_others: also nodes that belong to other users
        loses_data: also where disks of virtual nodes go, with what is on them
        """
        return self._ask("value", "POST", "/api/v1/nodes/config", {"names": names, "settings": settings, "takesOthers": takes_others, "losesData": loses_data})

    def devices_settings(self, *, names):
        """The settings of devices. What may open something is shown to role `operator` alone.

        names: one or more
        """
        return self._ask("value", "POST", "/api/v1/devices/settings", {"names": names})

    def devices_config(self, *, names, settings, takes_others=None, loses_data=None):
        """Changes settings of devices: of all that are named, or of none. Those by which the server reaches hardware take role `operator`.

        names: one or more
        settings: values by their keys, as `{"ram": "2G"}`
        takes_others: also nodes that belong to other users
        loses_data: also where disks of virtual nodes go, with what is on them
        """
        return self._ask("value", "POST", "/api/v1/devices/config", {"names": names, "settings": settings, "takesOthers": takes_others, "losesData": loses_data})

    def devices_rescan(self):
        """Asks all switches what is behind their ports, at the same time. Answers when each has answered or been given up.
        """
        return self._ask("value", "POST", "/api/v1/devices/rescan", {})

    def devices_tree(self):
        """What is behind which port of which switch, as far as is known. No switch is asked.
        """
        return self._ask("value", "GET", "/api/v1/devices/tree", {})

    def devices_ports(self, *, device):
        """The ports of a switch. It is asked where it has not been since the server started.

        device: its name
        """
        return self._ask("value", "GET", "/api/v1/devices/{device}/ports", {"device": device})

    def devices_name_port(self, *, device, port, name):
        """Gives a port of a switch a name. The reply is the switch.

        device: its name
        port: its number, or its name now
        name: the new one; empty: the one that the switch has for it
        """
        return self._ask("value", "POST", "/api/v1/devices/{device}/name-port", {"device": device, "port": port, "name": name})

    def devices_credentials(self, *, device, user, password, privacy):
        """Tells the server by what it proves to a device who it is. They are kept in a file that the server alone reads, and are never answered.

        device: its name
        user: an account; empty with SNMP 1 and 2c
        password: or community; empty: there are no credentials any more
        privacy: passphrase of the encryption of SNMP 3, or empty
        """
        return self._ask("value", "POST", "/api/v1/devices/{device}/credentials", {"device": device, "user": user, "password": password, "privacy": privacy})

    def images_list(self):
        """All images of this server.
        """
        return self._ask("value", "GET", "/api/v1/images", {})

    def images_show(self, *, name):
        """One image, who boots it, and what its nodes fetch in one piece.

        name: `owner/name`, or `owner/name:tag`
        """
        return self._ask("value", "GET", "/api/v1/images/show", {"name": name})

    def images_refresh(self):
        """Looks at the disk whether the content of all images is there, and mends what can be mended.
        """
        return self._ask("value", "POST", "/api/v1/images/refresh", {})

    def images_update_defaults(self, *, dry_run=None):
        """Looks for other content of the default images where images come from, and takes it. Nodes get it at their next boot.

        dry_run: looks only, and takes nothing
        """
        return self._ask("lines", "POST", "/api/v1/images/update-defaults", {"dryRun": dry_run})

    def images_search(self, *, keyword=None):
        """What can be cloned: images of other users, of folders of archives and of registries.

        keyword: part of the name; empty for all
        """
        return self._ask("value", "GET", "/api/v1/images/search", {"keyword": keyword})

    def images_import(self, *, source=None, upload=None, name=None, force=None):
        """Brings an image in: from the disk of the server, which takes role `admin`, or what was sent by `uploads.create`. Below role `admin` it becomes an image of the caller.

        source: absolute path of an archive (OCI, or of docker save or podman save) or an OCI layout folder, on the server
        upload: what was sent by `uploads.create`, instead
        name: `owner/name`, instead of the name in the archive; of several images in one, it says which
        force: may replace another user's image
        """
        return self._ask("lines", "POST", "/api/v1/images/import", {"source": source, "upload": upload, "name": name, "force": force})

    def images_clone(self, *, source, name=None, force=None):
        """Makes an image of the caller's from one of another user or a registry.

        source: `LOCATION:user/name:tag`
        name: what the caller calls it
        force: replaces an image of that name
        """
        return self._ask("lines", "POST", "/api/v1/images/clone", {"source": source, "name": name, "force": force})

    def images_publish(self, *, name, to=None):
        """Sends an image of the caller's to a registry.

        name: an image of the caller's, as `web:v2`
        to: name of the registry; the first one by default
        """
        return self._ask("lines", "POST", "/api/v1/images/publish", {"name": name, "to": to})

    def images_rename(self, *, name, to):
        """Gives an image of the caller's another name. The reply is the image.

        name: an image of the caller's, as `web:v2`
        to: the other name, as `web:v2`
        """
        return self._ask("value", "POST", "/api/v1/images/rename", {"name": name, "to": to})

    def images_duplicate(self, *, name, to):
        """Gives the content of an image of the caller's a second name. The reply is the new image.

        name: an image of the caller's, as `web:v2`
        to: the other name, as `web:v2`
        """
        return self._ask("value", "POST", "/api/v1/images/duplicate", {"name": name, "to": to})

    def images_remove(self, *, name):
        """Removes an image of the caller's that no node boots.

        name: an image of the caller's, as `web:v2`
        """
        return self._ask("value", "POST", "/api/v1/images/remove", {"name": name})

    def images_gc(self, *, remove_unused=None):
        """Frees the disk of what no image and no node needs.

        remove_unused: removes the images that no node had for long, too
        """
        return self._ask("value", "POST", "/api/v1/images/gc", {"removeUnused": remove_unused})

    def images_shell(self, *, name, terminal=None):
        """Runs a shell in a container of an image of the caller's; the container stays until the request ends, or longer if something in it was changed and not saved.

        name: an image of the caller's, as `web:v2`
        terminal: without it the shell has pipes
        """
        return self._ask("lines", "POST", "/api/v1/images/shell", {"name": name, "terminal": terminal})

    def shells_type(self, *, id, data=None, is_end=None):
        """Gives input to a shell whose request runs.

        id: of the shell
        data: what is typed, base64
        is_end: nothing more comes; only where it has pipes
        """
        return self._ask("value", "POST", "/api/v1/shells/type", {"id": id, "data": data, "isEnd": is_end})

    def shells_resize(self, *, id, columns, rows):
        """Says how large the terminal of a shell is now.

        id: of the shell
        """
        return self._ask("value", "POST", "/api/v1/shells/resize", {"id": id, "columns": columns, "rows": rows})

    def images_save(self, *, id, name, force):
        """Makes an image of what a shell has left, while its request runs or the shell is kept.

        id: of the shell
        name: an image of the caller's, as `web:v2`
        force: replaces an image of that name
        """
        return self._ask("lines", "POST", "/api/v1/images/save", {"id": id, "name": name, "force": force})

    def images_kept_shells(self):
        """Shells of the caller's whose changes were not saved, the oldest first.
        """
        return self._ask("value", "GET", "/api/v1/images/shells", {})

    def images_resume_shell(self, *, id, terminal=None):
        """Opens a shell again that is kept, as `images.shell` does.

        id: of the shell
        terminal: without it the shell has pipes
        """
        return self._ask("lines", "POST", "/api/v1/images/shells/resume", {"id": id, "terminal": terminal})

    def images_drop_shell(self, *, id):
        """Gives up a shell and what was changed in it.

        id: of the shell
        """
        return self._ask("value", "POST", "/api/v1/images/shells/drop", {"id": id})

    def images_squash(self, *, name):
        """Makes one layer of all layers of an image of the caller's.

        name: an image of the caller's, as `web:v2`
        """
        return self._ask("lines", "POST", "/api/v1/images/squash", {"name": name})

    def images_build(self, *, name, force, context=None, upload=None):
        """Makes an image of the caller's from a Dockerfile.

        name: an image of the caller's, as `web:v2`
        force: replaces an image of that name
        context: absolute path on the server, or URL of a git repository or tar
        upload: what was sent by `uploads.create`, instead
        """
        return self._ask("lines", "POST", "/api/v1/images/build", {"name": name, "force": force, "context": context, "upload": upload})

    def images_copy_in(self, *, name, path, source=None, upload=None):
        """Copies a file or folder of the server into an image of the caller's.

        name: an image of the caller's, as `web:v2`
        path: absolute, in the image
        source: absolute path on the server
        upload: what was sent by `uploads.create`, instead
        """
        return self._ask("lines", "POST", "/api/v1/images/copy-in", {"name": name, "path": path, "source": source, "upload": upload})

    def images_copy_out(self, *, name, path):
        """Reads a file or folder of an image of the caller's.

        name: an image of the caller's, as `web:v2`
        path: absolute, in the image
        """
        return self._ask("lines", "POST", "/api/v1/images/copy-out", {"name": name, "path": path})

    def media_list(self):
        """The boot media of this installation, with their checksums.
        """
        return self._ask("value", "GET", "/api/v1/media", {})

    def logs_read(self, *, from_=None, to=None, stream=None, issuers=None, streams=None, except_streams=None, line_matches=None, stream_matches=None, after=None, before=None, last=None, realtime=None, seconds=None):
        """Log lines, the past first and then, if asked, each as it comes. All of the past, where nothing is given.

        from_: microseconds since 1970, UTC; included
        to: the same
        stream: only streams that begin so, as `platform.`
        issuers: only lines of these issuers, with commas between them
        streams: only lines of streams with these names, with commas between them
        except_streams: no lines of streams with these names, with commas between them
        line_matches: only lines whose text matches this regular expression (of JavaScript), anywhere
        stream_matches: the same of the names of their streams
        after: only lines after the one with this id: to go on where a reader was
        before: only lines before the one with this id
        last: the last so many only
        realtime: new lines too, until the request ends; the past too only where a field selects it that is not about issuers and streams
        seconds: with `realtime`: the answer ends after so long
        """
        return self._ask("lines", "GET", "/api/v1/logs", {"from": from_, "to": to, "stream": stream, "issuers": issuers, "streams": streams, "exceptStreams": except_streams, "lineMatches": line_matches, "streamMatches": stream_matches, "after": after, "before": before, "last": last, "realtime": realtime, "seconds": seconds})

    def logs_sources(self):
        """All issuers that have lines in the log, with their streams.
        """
        return self._ask("value", "GET", "/api/v1/logs/sources", {})

    def logs_checkpoints(self):
        """The checkpoints of who asks, in the order of their times.
        """
        return self._ask("value", "GET", "/api/v1/logs/checkpoints", {})

    def logs_add_checkpoint(self, *, name, at=None):
        """Gives a moment a name. The reply is the checkpoint.

        name: 2 to 64 letters, digits and dashes, no dash first
        at: microseconds since 1970, UTC; by default now
        """
        return self._ask("value", "POST", "/api/v1/logs/checkpoints", {"name": name, "at": at})

    def logs_remove_checkpoint(self, *, name):
        """Forgets a checkpoint. The reply is what it was.
        """
        return self._ask("value", "POST", "/api/v1/logs/checkpoints/remove", {"name": name})

    def events_follow(self, *, types=None, seconds=None):
        """Each event from now on as `text/event-stream`; with header `last-event-id` first those behind that one, also over a restart of the server.

        types: only events of these types, with commas between them; `missed` always comes
        seconds: the answer ends after so long
        """
        return self._ask("events", "GET", "/api/v1/events", {"types": types, "seconds": seconds})

    def database_sql(self, *, sql, write=None):
        """Runs SQL on the server's database, for 30 s and 10,000 rows at most.

        sql: statements of SQLite
        write: they may change something, of which the server learns when it starts anew
        """
        return self._ask("lines", "POST", "/api/v1/database/sql", {"sql": sql, "write": write})

    def users_log_in(self, *, user, password, name=None, days=None):
        """Makes a token for who says a password. It is sent in header `authorization: Bearer …` of other calls.

        name: what the token is called
        days: until it expires
        """
        return self._ask("value", "POST", "/api/v1/login", {"user": user, "password": password, "name": name, "days": days})

    def users_who_am_i(self):
        """For whom the caller acts, and what they may.
        """
        return self._ask("value", "GET", "/api/v1/whoami", {})

    def users_list(self):
        """Who may use the API from other machines.
        """
        return self._ask("value", "GET", "/api/v1/users", {})

    def users_create(self, *, name, role=None, password=None):
        """Lets somebody use the API from other machines.

        name: images `<name>/…` are theirs
        password: 12 characters or more
        """
        return self._ask("value", "POST", "/api/v1/users", {"name": name, "role": role, "password": password})

    def users_change(self, *, name, role=None, password=None, is_disabled=None):
        """Gives a user another role or password, or disables them. With another password all of their tokens and sessions end, and so they do for who is disabled.

        password: 12 characters or more
        is_disabled: false lets them in again
        """
        return self._ask("value", "POST", "/api/v1/users/{name}/change", {"name": name, "role": role, "password": password, "isDisabled": is_disabled})

    def users_set_password(self, *, old, password):
        """Gives the caller another password. All of their tokens end.

        password: 12 characters or more
        """
        return self._ask("value", "POST", "/api/v1/password", {"old": old, "password": password})

    def users_remove(self, *, name):
        """Lets a user use the API no more. Their images and nodes stay theirs.
        """
        return self._ask("value", "POST", "/api/v1/users/remove", {"name": name})

    def tokens_create(self, *, name, days=None, role=None):
        """Makes a token for a program of the caller. Made by a token, it ends with that one at the latest, also where that is revoked.

        name: what it is for
        days: until it expires
        role: the most that it may; all that the caller may, without it
        """
        return self._ask("value", "POST", "/api/v1/tokens", {"name": name, "days": days, "role": role})

    def tokens_list(self, *, all=None):
        """Tokens of the caller; of all users, if an administrator asks so.

        all: of all users
        """
        return self._ask("value", "GET", "/api/v1/tokens", {"all": all})

    def tokens_revoke(self, *, id):
        """Ends a token of the caller; of any user, if an administrator asks.
        """
        return self._ask("value", "POST", "/api/v1/tokens/revoke", {"id": id})

    def sessions_log_in(self, *, user, password):
        """Begins a session of a browser for who says a password; for pages of this server alone, with header `x-walt-page: 1`. Programs take a token.
        """
        return self._ask("value", "POST", "/api/v1/session", {"user": user, "password": password})

    def sessions_ways(self):
        """How somebody may log in to the page beside by a password.
        """
        return self._ask("value", "GET", "/api/v1/session/ways", {})

    def sessions_begin_open_id(self):
        """Begins a sign-in by the OpenID provider of the configuration; for pages of this server alone. The browser gets a cookie, and goes to `url`.
        """
        return self._ask("value", "POST", "/api/v1/session/openid", {})

    def sessions_end_open_id(self, *, answer):
        """Begins a session of a browser for whom the provider names, in the browser in which the sign-in began. It counts once.

        answer: what stands behind the `?` of the address that the provider sent the browser to
        """
        return self._ask("value", "POST", "/api/v1/session/openid/end", {"answer": answer})

    def sessions_log_out(self):
        """Ends the session of the browser that asks, if it has one.
        """
        return self._ask("value", "POST", "/api/v1/session/end", {})
