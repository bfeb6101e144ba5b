"""Every error that leaves by HTTP, as one kind of document (RFC 9457): named, in Chinese and English, with what to do.

Errors of the core are found by their class name, so that a new one is a line in the table below; one without a line is a conflict.
"""

import logging
import re
from collections.abc import Mapping
from typing import Any, Final

import apsw
import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, InternalServerException

from kuaijing.domain.errors import DomainError
from kuaijing.store import StoreError
from kuaijing.studies.refused import StudyRefused
from kuaijing.web.identity.accounts import LockedOut, NoAccounts, WrongPassword
from kuaijing.wire.problems import PROBLEM_TYPE, BadRequest, Fault, Problem

_log = logging.getLogger(__name__)

MEDIA_TYPE: Final = "application/problem+json"

TITLES: Final[dict[str, tuple[int, str]]] = {
    "bad-request": (422, "请求有误 · The request has faults"),
    "malformed-json": (400, "不是有效的 JSON · Not valid JSON"),
    "malformed-request": (400, "请求格式错误 · Malformed request"),
    "not-signed-in": (401, "请先登录 · Sign in first"),
    "wrong-password": (401, "用户名或密码错误 · Wrong name or password"),
    "no-accounts": (503, "尚无帐号 · No account exists yet"),
    "locked-out": (429, "帐号已锁定 · Account locked for a while"),
    "not-allowed": (403, "无权操作 · Not allowed"),
    "foreign-origin": (403, "来源不符 · Request from another site"),
    "not-found": (404, "未找到 · Not found"),
    "method-not-allowed": (405, "方法不支持 · Method not allowed"),
    "too-large": (413, "内容过大 · Too large"),
    "unsupported-media-type": (415, "类型不支持 · Media type not supported"),
    "unit-taken": (409, "警力已被派出 · The unit has changed meanwhile"),
    "stale-incident": (409, "警情已变化 · The incident has changed meanwhile"),
    "stale-unit": (409, "警力状态已变化 · The unit has changed meanwhile"),
    "stale-plan": (409, "方案已过期 · The plan rests on an old picture"),
    "key-reused": (422, "幂等键重复使用 · Idempotency key used for another request"),
    "bad-plan": (422, "方案文件有误 · The plan document has faults"),
    "stale-register": (409, "登记内容已变化 · The entry has changed meanwhile"),
    "unknown-entry": (404, "登记簿中没有 · Not in the register"),
    "study-refused": (422, "无法计算 · The study cannot be made"),
    "stale-draft": (409, "草案已被他人修改 · The draft has changed meanwhile"),
    "no-draft": (404, "没有此草案 · No such draft"),
    "no-job": (404, "没有此任务 · No such job"),
    "too-many-jobs": (409, "排队任务过多 · Too many jobs wait"),
    "unknown-proposal": (404, "没有此报批方案 · No such proposal"),
    "no-terminal": (503, "没有在线终端 · No terminal is connected"),
    "text-refused": (422, "文字无法下发 · The text cannot be shown"),
    "video-refused": (422, "无法调取视频 · Video cannot be asked for"),
    "degraded": (503, "系统降级，暂不能写入 · Degraded: the core cannot write"),
    "warming": (503, "系统预热中 · Warming up"),
    "no-plan": (503, "尚无生效方案 · No plan is in force"),
    "unreachable": (404, "道路不可达 · Cannot be reached by road"),
    "nothing-recorded": (404, "该时段没有记录 · Nothing was recorded then"),
    "internal-error": (500, "系统内部错误 · Internal error"),
}
"""Name of a problem, with its status and title."""

_CATEGORIES: Final = {"missing": 404, "conflict": 409, "invalid": 422, "unavailable": 503}
_HTTP: Final = {
    400: "malformed-request",
    401: "not-signed-in",
    403: "not-allowed",
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
    415: "unsupported-media-type",
}


class Refusal(Exception):
    """A problem found by the web room itself, by its name in the table."""

    def __init__(
        self, name: str, detail: str, *, faults: list[Fault] | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.name, self.detail, self.faults, self.headers = name, detail, faults or [], dict(headers or {})


NO_PLAN: Final = "no plan in force; an administrator imports one: POST /api/plan, or `kuaijing plan import` while the server is stopped"


def no_plan() -> Refusal:
    """What needs the plan in force, where there is none yet."""
    return Refusal("no-plan", NO_PLAN)


def not_found(field: str, value: str, remedy: str) -> Refusal:
    """``value`` names nothing that exists."""
    shown = value[:120]
    return Refusal("not-found", f"no {field} {shown!r}", faults=[Fault(field, shown, "does not exist", remedy)])


def problem_response(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """The document for any error; what we did not foresee is logged with its trace and told without it."""
    problem, headers = describe(error, request.url.path, request.scope.get("state", {}).get("request_id", ""))
    if problem.status >= 500 and not isinstance(error, DomainError | Refusal | NoAccounts) and not _hung_up(error):
        _log.error("request %s %s failed", problem.request, request.url.path, exc_info=error)
    return Response(msgspec.json.encode(problem), status_code=problem.status, media_type=MEDIA_TYPE, headers=headers)


def _hung_up(error: Exception) -> bool:
    """The client went away in the middle of its own request: nobody's fault on this side, and nobody reads the answer."""
    return isinstance(error, InternalServerException) and error.detail == "client disconnected prematurely"


def describe(error: Exception, instance: str, request_id: str) -> tuple[Problem, dict[str, str]]:
    """Problem document and extra headers of an error."""
    name, status, detail = (
        "internal-error",
        None,
        "something failed on our side; the log has it under the request's number",
    )
    faults: list[Fault] = []
    headers: dict[str, str] = {}
    current: dict[str, object] | None = None
    match error:
        case BadRequest():
            name, status, faults = error.name, error.status, error.faults
            detail = f"{len(faults)} fault{'s' if len(faults) != 1 else ''}: {error}"
        case Refusal():
            name, detail, faults, headers = error.name, error.detail, error.faults, error.headers
        case LockedOut():
            name, detail, headers = "locked-out", str(error), {"Retry-After": str(max(1, round(error.wait_s)))}
        case WrongPassword() | NoAccounts():
            name, detail = kebab(type(error).__name__), str(error)
        case StoreError() | apsw.Error():
            name, detail = "degraded", "the data folder cannot be read or written at the moment; send it again"
        case StudyRefused():
            name, detail = kebab(type(error).__name__), str(error)
            faults = [Fault("", "", each[:300], "") for each in error.faults[:100]]
        case DomainError():
            name, detail = kebab(type(error).__name__), str(error)
            status, faults, current = _of_domain(error)
        case HTTPException():
            name = _HTTP.get(error.status_code, "malformed-request" if error.status_code < 500 else "internal-error")
            status, headers = error.status_code, dict(error.headers or {})
            if error.status_code < 500:
                detail = error.detail or TITLES[name][1]
    status_of, title = TITLES.get(name, (409, name.replace("-", " ").capitalize()))
    problem = Problem(PROBLEM_TYPE + name, title, status or status_of, detail, instance, request_id, faults, current)
    if problem.status == 503:
        headers.setdefault("Retry-After", "2")
    return problem, headers


def kebab(name: str) -> str:
    """``UnitTaken`` as ``unit-taken``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()


def _of_domain(error: DomainError) -> tuple[int, list[Fault], dict[str, object] | None]:
    faults = [Fault(fault.field, fault.value[:120], fault.problem, fault.remedy) for fault in error.fields()]
    return _CATEGORIES[error.category], faults, error.current() or None
