"""A client of `ssot lsp` for tests: it speaks over pipes and waits for messages, never for time."""

import json
import os
import pathlib
import queue
import subprocess
import threading
import urllib.parse

from support import SSOT

# What a client of today can do.
CAPABILITIES = {
    "general": {"positionEncodings": ["utf-16"]},
    "window": {"workDoneProgress": True},
    "workspace": {"workspaceEdit": {"documentChanges": True}, "didChangeWatchedFiles": {"dynamicRegistration": True}},
    "textDocument": {
        "codeAction": {"resolveSupport": {"properties": ["edit"]}, "dataSupport": True},
        "publishDiagnostics": {"relatedInformation": True, "tagSupport": {"valueSet": [1, 2]}},
    },
}

# Nothing here takes long; a server that says nothing for so long will not.
PATIENCE = 120


class Refused(Exception):
    def __init__(self, error):
        super().__init__(f"{error['code']}: {error['message']}")
        self.code, self.message = error["code"], error["message"]


def uri(path):
    return pathlib.Path(path).as_uri()


def path_of(text):
    return pathlib.Path(urllib.parse.unquote(urllib.parse.urlparse(text).path))


class Client:
    def __init__(self, root, *options, cwd=None, env=None):
        self.root = pathlib.Path(root)
        self.process = subprocess.Popen([SSOT, "lsp", *map(str, options)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, cwd=cwd, env={**os.environ, **(env or {})})
        self.incoming = queue.Queue()
        self.stderr = []
        self.readers = [threading.Thread(target=self._read, daemon=True),
                        threading.Thread(target=lambda: self.stderr.extend(self.process.stderr), daemon=True)]
        for reader in self.readers:
            reader.start()
        self.asked = 0
        self.diagnostics = {}  # by path below the root
        self.published = []    # paths, in the order in which they came
        self.logs, self.shown, self.registered, self.progress, self.applied = [], [], [], [], []
        self.answers = {}

    # --- bytes

    def _read(self):
        stream = self.process.stdout
        while True:
            length = None
            while line := stream.readline().strip():
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            if length is None:
                self.incoming.put(None)
                return
            self.incoming.put(json.loads(stream.read(length)))

    def send_bytes(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, message):
        content = json.dumps({"jsonrpc": "2.0", **message}, ensure_ascii=False).encode()
        self.send_bytes(b"Content-Length: %d\r\n\r\n%s" % (len(content), content))

    # --- messages

    def take(self):
        """Deals with the next message of the server."""
        message = self.incoming.get(timeout=PATIENCE)
        if message is None:
            raise EOFError("the server has ended: " + b"".join(self.stderr).decode())
        method, params = message.get("method"), message.get("params")
        if method is None:
            self.answers[message["id"]] = message
        elif method == "textDocument/publishDiagnostics":
            name = os.path.relpath(path_of(params["uri"]), self.root)
            self.diagnostics[name] = params["diagnostics"]
            self.published.append(name)
        elif method == "window/logMessage":
            self.logs.append(params["message"])
        elif method == "window/showMessage":
            self.shown.append(params["message"])
        elif method == "client/registerCapability":
            self.registered += params["registrations"]
        elif method == "$/progress":
            self.progress.append(params["value"]["kind"])
        elif method == "workspace/applyEdit":
            self.applied.append(params["edit"])
        if method is not None and "id" in message:
            self.send({"id": message["id"], "result": {"applied": True} if method == "workspace/applyEdit" else None})
        return message

    def notify(self, method, **params):
        self.send({"method": method, "params": params})

    def request(self, method, params=None):
        """Sends a request. \\returns its id."""
        self.asked += 1
        self.send({"id": self.asked, "method": method, "params": params or {}})
        return self.asked

    def answer(self, number):
        while number not in self.answers:
            self.take()
        message = self.answers.pop(number)
        if "error" in message:
            raise Refused(message["error"])
        return message["result"]

    def call(self, method, params=None):
        return self.answer(self.request(method, params))

    # --- a conversation

    def start(self, capabilities=None, root=True):
        params = {"processId": os.getpid(), "capabilities": CAPABILITIES if capabilities is None else capabilities}
        if root:
            params["rootUri"] = uri(self.root)
        self.server = self.call("initialize", params)
        self.notify("initialized")
        return self

    def analysed(self):
        """Waits for the end of the next analysis."""
        seen = len(self.logs)
        while len(self.logs) == seen:
            self.take()
        return self.logs[-1]

    def save(self, path, text=None):
        """Writes the file as an editor does it, and tells so."""
        if text is not None:
            (self.root / path).write_bytes(text if isinstance(text, bytes) else text.encode())
        self.notify("textDocument/didSave", textDocument={"uri": uri(self.root / path)})
        return self.analysed()

    def open(self, path, text=None, version=1):
        if text is None:
            text = (self.root / path).read_bytes().decode("utf-8-sig")
        self.notify("textDocument/didOpen", textDocument={"uri": uri(self.root / path), "languageId": "cpp", "version": version, "text": text})

    def change(self, path, text, version):
        self.notify("textDocument/didChange", textDocument={"uri": uri(self.root / path), "version": version},
                    contentChanges=[{"text": text}])

    def actions(self, path, position=None, **context):
        everywhere = {"start": {"line": 0, "character": 0}, "end": {"line": 100000, "character": 0}}
        found = {"start": position, "end": position} if position else everywhere
        return self.call("textDocument/codeAction", {"textDocument": {"uri": uri(self.root / path)}, "range": found,
                                                     "context": {"diagnostics": [], **context}})

    def resolve(self, action):
        return self.call("codeAction/resolve", action)

    def stop(self):
        self.call("shutdown")
        self.notify("exit")
        return self.end()

    def end(self):
        self.process.stdin.close()
        code = self.process.wait(timeout=PATIENCE)
        for reader in self.readers:
            reader.join()
        self.process.stdout.close()
        self.process.stderr.close()
        return code


def offset(text, position, encoding="utf-16"):
    """The index into a text that a position means."""
    line = text.split("\n")[position["line"]]
    before = sum(len(each) + 1 for each in text.split("\n")[:position["line"]])
    if encoding == "utf-8":
        return before + len(line.encode()[:position["character"]].decode())
    return before + len(line.encode("utf-16-le")[:2 * position["character"]].decode("utf-16-le"))


def edited(text, edits, encoding="utf-16"):
    """A text with the edits of a WorkspaceEdit, as an editor makes them. A byte-order mark is none of the editor's text."""
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    text = text.removeprefix(mark)
    for edit in sorted(edits, key=lambda each: offset(text, each["range"]["start"], encoding), reverse=True):
        begin, end = (offset(text, edit["range"][side], encoding) for side in ("start", "end"))
        text = text[:begin] + edit["newText"] + text[end:]
    return mark + text


def changed_files(edit, root, encoding="utf-16"):
    """Path -> bytes of the files that a WorkspaceEdit changes, as it would leave them."""
    changes = {change["textDocument"]["uri"]: change["edits"] for change in edit["documentChanges"]} if "documentChanges" in edit else edit["changes"]
    files = {}
    for name, edits in changes.items():
        path = path_of(name)
        files[os.path.relpath(path, root)] = edited(path.read_bytes().decode(), edits, encoding).encode()
    return files
