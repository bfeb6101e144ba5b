"""Signing in and out, and who one is."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Any

import msgspec
from litestar import Response
from litestar.datastructures import Cookie

from kuaijing.web.doors import Asked, Door, Nothing, command, look
from kuaijing.web.identity.preferences import find_preferences
from kuaijing.web.identity.roles import WATCHING
from kuaijing.web.identity.sessions import COOKIE, Session
from kuaijing.web.routes import Route
from kuaijing.web.services import Services
from kuaijing.wire.answers import SessionView
from kuaijing.wire.requests import SignInBody

_HASHES_AT_ONCE = 2
"""A password check takes 64 MB and a tenth of a second: more at once would let strangers slow the dispatchers."""


def routes(services: Services) -> list[Route]:
    """The doors of this file."""
    turn = asyncio.Semaphore(_HASHES_AT_ONCE)

    async def sign_in(asked: Asked[SignInBody]) -> Response[bytes]:
        async with turn:
            account = await asyncio.to_thread(services.accounts.check, asked.given.user, asked.given.password)
        token, session = services.sessions.open(account)
        view = await asyncio.to_thread(_view, services, session)
        return _with_cookie(asked, msgspec.json.encode(view), token, round(session.expires_at - time.time()))

    async def who(asked: Asked[Any]) -> SessionView:
        return await asyncio.to_thread(_view, services, asked.who)

    async def sign_out(asked: Asked[Nothing]) -> Response[bytes]:
        token = asked.request.cookies.get(COOKIE)
        if token:
            services.sessions.close(token)
        return _with_cookie(asked, b"{}", "", 0)

    return [
        (command("/api/session", "Sign in", SignInBody, SessionView, public=True), sign_in),
        (look("/api/session", "Who is signed in", SessionView, roles=WATCHING), who),
        (Door("DELETE", "/api/session", "Sign out", Nothing, Nothing, public=True), sign_out),
    ]


def _view(services: Services, session: Session) -> SessionView:
    account = session.account
    ends = datetime.fromtimestamp(session.expires_at, UTC)
    return SessionView(
        account.name,
        account.name,
        account.role.value,
        account.unit,
        session.audience,
        ends,
        account.platform,
        find_preferences(services.accounts, account.name),
    )


def _with_cookie(asked: Asked[Any], body: bytes, token: str, lasts_s: int) -> Response[bytes]:
    secure = asked.request.url.scheme == "https"
    cookie = Cookie(COOKIE, value=token, httponly=True, samesite="strict", path="/", max_age=lasts_s, secure=secure)
    return Response(body, media_type="application/json", cookies=[cookie])
