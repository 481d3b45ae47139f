"""A server in memory for the pages' scripts: static files, pages with the real policy, tus, JSON calls."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import uuid
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

STATIC = Path(__file__).resolve().parents[2] / "src/parvis/kit/static/kit"
POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; "
    "style-src 'self'; img-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'"
)
TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".woff2": "font/woff2",
    ".html": "text/html",
    ".json": "application/json",
}

PAGE = """<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Essai</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="csrf-token" content="jeton">{style}</head>
<body><main id="contenu"><div class="wrap stack"><h1>Page d’essai</h1>{root}</div></main>
<script type="module" src="/static/js/{script}.js"></script></body></html>"""


@dataclass
class Upload:
    length: int
    metadata: str
    data: bytearray = field(default_factory=bytearray)
    parts: list[tuple[int, int]] = field(default_factory=list)


@dataclass
class Backend:
    """State that a test reads and bends. `json_get`, `json_post`: path to a value, or to a function of the body."""

    pages: dict[str, str] = field(default_factory=dict)
    json_get: dict[str, Any] = field(default_factory=dict)
    json_post: dict[str, Any] = field(default_factory=dict)
    posted: list[tuple[str, Any]] = field(default_factory=list)
    uploads: dict[str, Upload] = field(default_factory=dict)
    #: Acknowledged parts after which every further PATCH is answered 503, None for never.
    cut_after: int | None = None
    #: Number of next PATCHes whose checksum is declared wrong.
    spoil: int = 0
    #: Parts get a sign-in page, as after a redirect.
    signed_out: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def page(self, path: str, root: str, script: str) -> None:
        style = '<link rel="stylesheet" href="/static/css/parvis.css">' if (STATIC / "css/parvis.css").exists() else ""
        self.pages[path] = PAGE.format(root=root, script=script, style=style)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    backend: Backend

    def log_message(self, format: str, *args: Any) -> None:
        return

    def answer(self, status: int, body: bytes = b"", kind: str = "application/json", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if body:
            self.send_header("Content-Type", kind)
        if kind == "text/html":
            self.send_header("Content-Security-Policy", POLICY)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def answer_json(self, value: Any, status: int = 200, **headers: str) -> None:
        self.answer(status, json.dumps(value).encode(), **headers)

    def error(self, status: int, code: str, message: str) -> None:
        self.answer_json({"error": {"code": code, "message": message}}, status)

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        if path == "/favicon.ico":
            self.answer(204)
        elif path in self.backend.pages:
            self.answer(200, self.backend.pages[path].encode(), "text/html")
        elif path in self.backend.json_get:
            value = self.backend.json_get[path]
            self.answer_json(value() if callable(value) else value)
        elif path.startswith("/static/") and (STATIC / path[8:]).is_file():
            file = STATIC / path[8:]
            self.answer(200, file.read_bytes(), TYPES[file.suffix])
        else:
            self.error(404, "missing", f"Rien ici : {path}")

    def do_HEAD(self) -> None:
        upload = self.backend.uploads.get(self.path)
        if upload is None:
            self.answer(404)
        else:
            self.answer(200, Upload_Offset=str(len(upload.data)), Upload_Length=str(upload.length))

    def do_DELETE(self) -> None:
        self.backend.uploads.pop(self.path, None)
        self.answer(204)

    def do_PATCH(self) -> None:
        body = self.body()
        if self.backend.signed_out:
            return self.answer(200, b"<h1>Connexion</h1>", "text/html")
        with self.backend.lock:
            upload = self.backend.uploads.get(self.path)
            if upload is None:
                return self.answer(404)
            sent = sum(len(item.parts) for item in self.backend.uploads.values())
            if self.backend.cut_after is not None and sent >= self.backend.cut_after:
                return self.answer(503)
            if int(self.headers["Upload-Offset"]) != len(upload.data):
                return self.answer(409)
            kind, digest = self.headers["Upload-Checksum"].split()
            good = kind == "sha256" and base64.b64decode(digest) == hashlib.sha256(body).digest()
            if self.backend.spoil or not good:
                self.backend.spoil -= 1
                return self.answer(460)
            upload.parts.append((len(upload.data), len(body)))
            upload.data += body
        self.answer(204, Upload_Offset=str(len(upload.data)))
        return None

    def do_POST(self) -> None:
        body = self.body()
        if self.headers.get("X-CSRFToken") != "jeton":
            return self.error(403, "csrf", "Jeton absent.")
        if self.path == "/uploads/":
            location = f"/uploads/{uuid.uuid4()}"
            self.backend.uploads[location] = Upload(int(self.headers["Upload-Length"]), self.headers["Upload-Metadata"])
            return self.answer(201, Location=location)
        if self.path not in self.backend.json_post:
            return self.error(404, "missing", f"Rien ici : {self.path}")
        value = (
            json.loads(body) if self.headers.get("Content-Type", "").startswith("application/json") else body.decode()
        )
        with self.backend.lock:
            self.backend.posted.append((self.path, value))
            reply = self.backend.json_post[self.path]
            status, result, headers = reply(value) if callable(reply) else (200, reply, {})
        self.answer_json(result, status, **headers)
        return None


def serve(backend: Backend) -> tuple[ThreadingHTTPServer, str]:
    handler = type("BoundHandler", (Handler,), {"backend": backend})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_address[1]}"
