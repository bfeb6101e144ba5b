"""The built screens as files: ``index.html`` for every path a person may type, hashed assets kept for a year.

Knows nothing of what the screens show. Where they were not built, a page says so and how to build them.
"""

import mimetypes
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from kuaijing.web.doorway import Receive, Scope, Send

FOLDER: Final = Path(__file__).parent / "static"
_YEAR: Final = b"public, max-age=31536000, immutable"
_TYPES: Final = {
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
    ".wasm": "application/wasm",
    ".json": "application/json",
}
_NOT_BUILT: Final = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>快警 Kuaijing</title>
<body style="font-family:sans-serif;max-width:40rem;margin:4rem auto"><h1>快警 Kuaijing</h1>
<p>服务器正在运行，但界面尚未构建。请执行 <code>make setup</code>，再刷新本页。</p>
<p>The server runs, but the screens have not been built. Run <code>make setup</code>, then load this page again.</p>
<p><a href="/api/health">/api/health</a> · <a href="/api/openapi.json">/api/openapi.json</a></p></body></html>"""


@dataclass(frozen=True, slots=True)
class _File:
    body: bytes
    media_type: str
    encoding: bytes | None
    modified: float


class Screens:
    """Serves the folder; ASGI."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder.resolve()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one file, or the page that every other path shares."""
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["method"] not in ("GET", "HEAD"):
            await _answer(send, 405, b"", [(b"allow", b"GET, HEAD")], head=False)
            return
        head = scope["method"] == "HEAD"
        accepted = b",".join(value for name, value in scope["headers"] if name == b"accept-encoding")
        path = unquote(scope["path"]).lstrip("/")
        found = self._find(path, accepted)
        if found is None and "." in path.rpartition("/")[2]:
            await _answer(
                send,
                404,
                "没有这个文件 · no such file".encode(),
                [(b"content-type", b"text/plain; charset=utf-8")],
                head=head,
            )
            return
        asset = found is not None and path.startswith("assets/")
        found = found or self._find("index.html", accepted)
        if found is None:
            await _answer(send, 503, _NOT_BUILT.encode(), [(b"content-type", b"text/html; charset=utf-8")], head=head)
            return
        headers = [
            (b"content-type", found.media_type.encode()),
            (b"cache-control", _YEAR if asset else b"no-cache"),
            (b"vary", b"accept-encoding"),
            (b"last-modified", formatdate(found.modified, usegmt=True).encode()),
        ]
        if found.encoding is not None:
            headers.append((b"content-encoding", found.encoding))
        await _answer(send, 200, found.body, headers, head=head)

    def _find(self, path: str, accepted: bytes) -> _File | None:
        if not path or "\x00" in path or path.endswith((".gz", ".br")):
            return None
        try:
            plain = (self._folder / path).resolve()
            if not plain.is_relative_to(self._folder) or not plain.is_file():
                return None
        except OSError:  # a name longer than any file's
            return None
        media_type = _TYPES.get(plain.suffix) or mimetypes.guess_type(plain.name)[0] or "application/octet-stream"
        for encoding, suffix in ((b"br", ".br"), (b"gzip", ".gz")):
            packed = plain.with_name(plain.name + suffix)
            if encoding in accepted and packed.is_file():
                return _File(packed.read_bytes(), media_type, encoding, plain.stat().st_mtime)
        return _File(plain.read_bytes(), media_type, None, plain.stat().st_mtime)


async def _answer(send: Send, status: int, body: bytes, headers: list[tuple[bytes, bytes]], *, head: bool) -> None:
    headers = [*headers, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if head else body})
