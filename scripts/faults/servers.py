"""Servers on this machine that stop in the middle of what they say.

In:  a folder or what a server holds, and a generator of random numbers that says where it stops.
Out: `Registry`, Debian's `docker-registry`; `Cut`, which passes bytes between the tool and a server up to a limit;
     `Files`, a web server that holds files and takes some, as a store of a shared cache or for downloads.
"""

import contextlib
import http.server
import re
import socket
import subprocess
import threading

CONFIGURATION = """version: 0.1
log: {{level: info, accesslog: {{disabled: true}}}}
storage: {{filesystem: {{rootdirectory: '{storage}'}}}}
http: {{addr: '127.0.0.1:0'}}
"""


class Registry:
    """A registry, as long as it is not closed."""

    def __init__(self, folder):
        folder.mkdir()
        (folder / "config.yml").write_text(CONFIGURATION.format(storage=folder / "storage"))
        command = ["docker-registry", "serve", str(folder / "config.yml")]
        self.child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for line in self.child.stderr:
            if found := re.search(r"listening on 127\.0\.0\.1:(\d+)", line):
                self.port = int(found[1])
                break
        # What it says later is read, so that it never waits for a reader.
        threading.Thread(target=lambda: [None for _ in self.child.stderr], daemon=True).start()

    def close(self):
        self.child.kill()
        self.child.wait()


class Cut:
    """Passes at most `down` bytes of answers and `up` bytes of questions on each connection, then drops both ends."""

    def __init__(self, port, down, up):
        self.target, self.limits = port, (down, up)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                server = socket.create_connection(("127.0.0.1", self.target))
                down, up = self.limits
                threading.Thread(target=self.carry, args=(server, client, down), daemon=True).start()
                threading.Thread(target=self.carry, args=(client, server, up), daemon=True).start()

    @staticmethod
    def carry(source, target, limit):
        with contextlib.suppress(OSError):
            while limit > 0 and (data := source.recv(min(limit, 1 << 14))):
                target.sendall(data)
                limit -= len(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self):
        self.listener.close()


class Files:
    """Holds files by their paths. `stop` says for a request after how many bytes its body ends, if it does; a file that
    arrives in part is kept in part, as simple servers do."""

    def __init__(self, held, stop=lambda: None):
        self.held, self.stop = held, stop
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                content = outer.held.get(self.path)
                self.send_response(404 if content is None else 200)
                content = content or b""
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                stop = outer.stop()
                if self.command == "GET":
                    self.wfile.write(content[:stop])
                self.close_connection = stop is not None

            do_HEAD = do_GET

            def do_PUT(self):
                stop = outer.stop()
                length = int(self.headers["Content-Length"])
                content = self.rfile.read(length if stop is None else min(stop, length))
                outer.held[self.path] = content
                if stop is not None:
                    self.close_connection = True
                    return
                self.send_response(201)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                """The other end may have died, too."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
