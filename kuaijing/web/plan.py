"""Plan documents: the one in force, its areas, export, import with every fault listed."""

import asyncio
import hashlib
import io
import zipfile
from dataclasses import replace
from typing import Any

from litestar.datastructures import UploadFile

from kuaijing.domain.plan_document import PlanDocument
from kuaijing.web.doors import Asked, Door, Nothing, Raw, look
from kuaijing.web.identity.roles import ADMINISTRATING, DISPATCHING, WATCHING
from kuaijing.web.problems import Refusal, no_plan
from kuaijing.web.routes import Route
from kuaijing.web.services import Services
from kuaijing.wire.answers import PlanAnswer, PlanVersionView
from kuaijing.wire.pictures import PlanView
from kuaijing.wire.plans import PlanRefused, digest_of, read_plan, zip_of
from kuaijing.wire.problems import BadRequest, Fault

_MOST_FILES = 40


def routes(services: Services) -> list[Route]:
    """The doors of this file."""

    async def current(_: Asked[Any]) -> PlanView:
        found = services.board.plan()
        if found is None:
            raise no_plan()
        return found

    async def areas(_: Asked[Any]) -> dict[str, Any]:
        services.plan_in_force()
        return services.plans.areas()

    async def export(_: Asked[Any]) -> Raw:
        document = services.plan_in_force()
        body = await asyncio.to_thread(zip_of, document)
        headers = {"Content-Disposition": f'attachment; filename="plan-{in_ascii(document.version)}.zip"'}
        return Raw(body, "application/zip", 200, headers)

    async def versions(_: Asked[Any]) -> list[PlanVersionView]:
        return services.plans.versions()

    async def put(asked: Asked[Nothing]) -> PlanAnswer:
        packed = await _packed(asked)
        document = await asyncio.to_thread(_read, packed, services.city.bbox)
        digest = hashlib.sha256(packed).hexdigest() if asked.key else None
        context = replace(asked.context(services.clock.now()), body=digest)
        receipt = await services.plans.put_in_force(document, context)
        return PlanAnswer(digest_of(document), receipt.version, len(document.force))

    importing = Door(
        "POST",
        "/api/plan",
        "Put a plan document in force: its files, or one ZIP of them",
        Nothing,
        PlanAnswer,
        status=201,
        roles=ADMINISTRATING,
        takes="multipart/form-data",
        limit=services.limits.plan_bytes,
    )
    return [
        (look("/api/plan", "The plan in force, without shapes", PlanView), current),
        (
            look(
                "/api/plan/areas",
                "Tiers, beats, platforms and patrol points as GeoJSON",
                dict[str, Any],
                roles=WATCHING,
            ),
            areas,
        ),
        (
            look(
                "/api/plan/export", "The plan's files as a ZIP", None, media_type="application/zip", roles=DISPATCHING
            ),
            export,
        ),
        (look("/api/plans", "Plan documents that were kept", list[PlanVersionView], roles=DISPATCHING), versions),
        (importing, put),
    ]


async def _packed(asked: Asked[Nothing]) -> bytes:
    """The upload as one ZIP."""
    media_type = asked.request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type == "application/zip":
        return await asked.request.body()
    if media_type != "multipart/form-data":
        fault = Fault(
            "Content-Type", media_type[:120], "neither files nor a ZIP", "send multipart/form-data or application/zip"
        )
        raise Refusal("unsupported-media-type", "a plan is sent as its files or as one ZIP", faults=[fault])
    form = await asked.request.form()
    files = [value for _, value in form.multi_items() if isinstance(value, UploadFile)]
    if not 0 < len(files) <= _MOST_FILES:
        raise BadRequest(
            [Fault("files", str(len(files)), "no files, or too many", f"send 1 to {_MOST_FILES} files of one plan")]
        )
    if len(files) == 1 and files[0].filename.lower().endswith(".zip"):
        return await files[0].read()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for file in files:
            archive.writestr(file.filename.replace("\\", "/").rpartition("/")[2] or "unnamed", await file.read())
    return packed.getvalue()


def _read(packed: bytes, bbox: tuple[float, float, float, float]) -> PlanDocument:
    try:
        return read_plan(packed, bbox)
    except PlanRefused as refused:
        raise bad_plan(refused) from None


def bad_plan(refused: PlanRefused) -> BadRequest:
    """Every fault of a plan document."""
    faults = [
        Fault(
            " ".join(part for part in (each.file, each.where, each.field) if part),
            each.value,
            each.problem,
            each.remedy,
        )
        for each in refused.faults
    ]
    return BadRequest(faults, name="bad-plan")


def in_ascii(text: str) -> str:
    """A text as part of a file's name."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "-" for c in text)
