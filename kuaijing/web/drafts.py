"""Drafts of plans: several, named, changed by hand or by a job, downloaded as plan files, proposed with a date."""

import asyncio
import logging
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from kuaijing.domain.plan_document import PlanDocument
from kuaijing.measures.instants import Instant, from_datetime, to_datetime
from kuaijing.studies.draft_report import Kept, make_report
from kuaijing.studies.drafts import Draft, NoDraft, StaleDraft, renamed
from kuaijing.studies.questions import BeatsAnswer, ask_today, move_block
from kuaijing.studies.refused import StudyRefused
from kuaijing.studies.tasks import TASKS
from kuaijing.web.doors import Act, Asked, Door, Nothing, Raw, command, look
from kuaijing.web.identity.roles import PLANNING
from kuaijing.web.once import Once
from kuaijing.web.plan import bad_plan, in_ascii
from kuaijing.web.problems import not_found
from kuaijing.web.routes import Route
from kuaijing.web.services import Services
from kuaijing.web.study_views import (
    DraftDetail,
    beat_names,
    draft_view,
    frozen_of,
    posts_of,
    proposals,
    rests_on,
    workroom,
)
from kuaijing.wire.answers import CommandAnswer
from kuaijing.wire.plans import PlanRefused, canonical, from_canonical, read_plan, zip_of
from kuaijing.wire.problems import BadRequest, Fault
from kuaijing.wire.studies import DraftBody, DraftChangeBody, DraftProposeBody, DraftView, MoveBlockBody, ReportQuery

_log = logging.getLogger(__name__)
_PATH = "/api/studies/drafts"
_SEALED = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-modals"
"""A report is paper: it runs nothing and asks for nothing; it may be printed."""
_DAY = 86_400_000_000
_PAST, _AHEAD = 7 * _DAY, 3653 * _DAY
"""How far from now a plan's first day may lie, in microseconds."""


def routes(services: Services) -> list[Route]:
    """The doors of this file."""

    def view(draft: Draft) -> DraftView:
        return draft_view(services, draft, workroom(services).drafts.plan_of(draft))

    async def listed(_: Asked[Any]) -> list[DraftView]:
        def read() -> list[DraftView]:
            found = []
            for each in workroom(services).drafts.list_all():
                try:
                    found.append(view(each))
                except NoDraft:
                    continue
                except StaleDraft:
                    found.append(view(workroom(services).drafts.get(each.id)))
                except StudyRefused as damaged:
                    _log.error("%s", damaged)
            return found

        return await asyncio.to_thread(read)

    async def create(asked: Asked[DraftBody]) -> DraftView:
        return await asyncio.to_thread(lambda: view(_created(services, asked)))

    async def detail(asked: Asked[Any]) -> DraftDetail:
        return await _detail(services, asked.path["draft"])

    async def rename(asked: Asked[DraftChangeBody]) -> DraftView:
        given, who = asked.given, asked.who.account.name
        change = renamed(given.name, given.note)
        room = workroom(services)
        return await asyncio.to_thread(
            lambda: view(room.drafts.change(asked.path["draft"], given.revision, who, change))
        )

    async def delete(asked: Asked[Nothing]) -> Nothing:
        await asyncio.to_thread(workroom(services).drafts.delete, asked.path["draft"])
        return Nothing()

    async def move(asked: Asked[MoveBlockBody]) -> DraftDetail:
        await _move(services, asked)
        return await _detail(services, asked.path["draft"])

    async def export(asked: Asked[Any]) -> Raw:
        def read() -> tuple[Draft, bytes]:
            drafts = workroom(services).drafts
            draft = drafts.get(asked.path["draft"])
            return draft, zip_of(drafts.plan_of(draft))

        draft, body = await asyncio.to_thread(read)
        name = f"draft-{in_ascii(draft.name)}-{draft.revision}.zip"
        return Raw(body, "application/zip", 200, {"Content-Disposition": f'attachment; filename="{name}"'})

    def answer(kind: str) -> Act:
        async def tell(asked: Asked[Any]) -> Raw:
            drafts = workroom(services).drafts
            body = await asyncio.to_thread(lambda: drafts.answer_of(drafts.get(asked.path["draft"]), kind))
            if body is None:
                raise not_found("study", kind, "run that study for this draft first")
            return Raw(body, "application/json")

        return tell

    async def report(asked: Asked[ReportQuery]) -> Raw:
        return await _report(services, asked)

    async def propose(asked: Asked[DraftProposeBody]) -> CommandAnswer:
        return await _propose(services, asked)

    only: dict[str, Any] = {"roles": PLANNING}
    one = f"{_PATH}/{{draft}}"
    once = Once(lambda: workroom(services).receipts)
    return [
        (look(_PATH, "Drafts, the last changed first", list[DraftView], **only), listed),
        once.route(
            command(_PATH, "A new draft: the plan in force, or a copy", DraftBody, DraftView, status=201, **only),
            create,
        ),
        (look(one, "A draft with its beats and figures beside today's", DraftDetail, **only), detail),
        once.route(command(one, "Another name or note", DraftChangeBody, DraftView, **only), rename),
        once.route(Door("DELETE", one, "Throw a draft away", Nothing, Nothing, **only), delete),
        once.route(command(f"{one}/move", "Give a block to another beat", MoveBlockBody, DraftDetail, **only), move),
        (look(f"{one}/export", "Its plan files as a ZIP", None, media_type="application/zip", **only), export),
        (look(f"{one}/report", "Its report", None, query=ReportQuery, media_type="text/html", **only), report),
        *(
            (look(f"{one}/answers/{kind}", "A study kept with it", task.told, **only), answer(kind))
            for kind, task in TASKS.items()
            if task.told is not None
        ),
        (command(f"{one}/propose", "Propose it from a date on", DraftProposeBody, CommandAnswer, **only), propose),
    ]


def _created(services: Services, asked: Asked[DraftBody]) -> Draft:
    drafts, who, given = workroom(services).drafts, asked.who.account.name, asked.given
    if given.copy_of is None:
        return drafts.create(given.name, who, services.plan_in_force(), rests_on(services), given.note)
    held = drafts.get(given.copy_of)
    copy = drafts.create(given.name, who, drafts.plan_of(held), held.rests_on, given.note or held.note)
    if held.beats is None and held.figures is None:
        return copy

    def like(draft: Draft) -> Draft:
        return msgspec.structs.replace(draft, beats=held.beats, figures=held.figures)

    return drafts.change(copy.id, copy.revision, who, like)


async def _detail(services: Services, name: str) -> DraftDetail:
    room = workroom(services)

    def read() -> tuple[Draft, PlanDocument, PlanDocument]:
        draft = room.drafts.get(name)
        return draft, room.drafts.plan_of(draft), services.plans.document(draft.rests_on.plan)

    draft, plan, base = await asyncio.to_thread(read)
    frozen = await asyncio.to_thread(frozen_of, services, draft)
    today: BeatsAnswer = await room.ask(ask_today, frozen, keep=True)
    share, figures = draft.beats, draft.figures
    if share is None or figures is None:
        same = draft.digest == draft.rests_on.plan
        own = today if same else await room.ask(ask_today, frozen, canonical(plan), keep=True)
        share, figures = own.share, own.figures
    return DraftDetail(
        draft_view(services, draft, plan), beat_names(plan), share.labels, share.platforms, figures, posts_of(plan),
        beat_names(base), today.figures, posts_of(base),
    )  # fmt: skip


async def _move(services: Services, asked: Asked[MoveBlockBody]) -> None:
    room, given, who = workroom(services), asked.given, asked.who.account.name
    draft = await asyncio.to_thread(room.drafts.seen, asked.path["draft"], given.revision)
    plan = await asyncio.to_thread(room.drafts.plan_of, draft)
    frozen = await asyncio.to_thread(frozen_of, services, draft)
    share = draft.beats
    if share is None:
        share = (await room.ask(ask_today, frozen, canonical(plan), keep=True)).share
    moved = await room.ask(move_block, frozen, canonical(plan), share, given.block, given.beat)

    def change(held: Draft) -> Draft:
        rests = msgspec.structs.replace(held.rests_on, demand=moved.demand)
        return msgspec.structs.replace(held, beats=moved.share, figures=moved.figures, rests_on=rests)

    await asyncio.to_thread(room.drafts.change, draft.id, given.revision, who, change, from_canonical(moved.plan))


async def _report(services: Services, asked: Asked[ReportQuery]) -> Raw:
    room, pdf = workroom(services), asked.given.form == "pdf"

    def read() -> tuple[Draft, bytes, Kept]:
        draft = room.drafts.get(asked.path["draft"])
        answers = ((each.kind, room.drafts.answer_of(draft, each.kind)) for each in draft.proofs)
        kept = tuple((kind, answer) for kind, answer in answers if answer is not None)
        return draft, canonical(room.drafts.plan_of(draft)), kept

    draft, plan, kept = await asyncio.to_thread(read)
    frozen = await asyncio.to_thread(frozen_of, services, draft)
    body = await room.ask(make_report, frozen, plan, f"{draft.name} ({draft.revision})", kept, pdf, keep=True)
    name = f"report-{in_ascii(draft.name)}-{draft.revision}.{asked.given.form}"
    how = "attachment" if pdf else "inline"
    headers = {"Content-Disposition": f'{how}; filename="{name}"', "Content-Security-Policy": _SEALED}
    return Raw(body, "application/pdf" if pdf else "text/html; charset=utf-8", 200, headers)


async def _propose(services: Services, asked: Asked[DraftProposeBody]) -> CommandAnswer:
    given, room = asked.given, workroom(services)
    drafts, now = room.drafts, services.clock.now()
    draft = await asyncio.to_thread(drafts.seen, asked.path["draft"], given.revision)
    detail = await _detail(services, draft.id)
    draft = await asyncio.to_thread(drafts.seen, draft.id, given.revision)  # the figures are those of this revision
    if draft.digest == draft.rests_on.plan:
        raise StudyRefused(f"draft {draft.name} is the plan that it was drawn from; change it before it is proposed")
    plan = await asyncio.to_thread(drafts.plan_of, draft)
    valid_from = max(_date_of(given.valid_from, now), now)
    day = to_datetime(valid_from).astimezone(ZoneInfo(plan.timezone)).date().isoformat()
    document = replace(plan, version=f"{day} {draft.name}", valid_from=valid_from)
    await asyncio.to_thread(_check, document, services.city.bbox)
    proof = await asyncio.to_thread(_keep_proof, services, draft, detail)
    context = asked.context(now, reason=given.note)
    receipt = await proposals(services).propose(
        document, draft.name, draft.rests_on.plan, draft.rests_on.closures, proof, context
    )
    return CommandAnswer(receipt.version, receipt.ids, receipt.repeated)


def _date_of(valid_from: datetime, now: Instant) -> Instant:
    """A date that a person can have meant: not long past, since a plan comes into force from now on, and not for another age."""
    at = from_datetime(valid_from)
    if not now - _PAST <= at <= now + _AHEAD:
        told = valid_from.isoformat()
        problem = "is long past" if at < now else "is more than ten years ahead"
        raise BadRequest([Fault("valid_from", told, problem, "give today, or a date within ten years")])
    return at


def _check(document: PlanDocument, bbox: tuple[float, float, float, float]) -> None:
    """What a job or a hand drew is held to the same rules as what is imported."""
    try:
        read_plan(zip_of(document), bbox)
    except PlanRefused as refused:
        raise bad_plan(refused) from None


def _keep_proof(services: Services, draft: Draft, detail: DraftDetail) -> str:
    drafts = workroom(services).drafts
    answers = {each.kind: msgspec.Raw(drafts.answer_of(draft, each.kind) or b"null") for each in draft.proofs}
    told = {
        "rests_on": draft.rests_on, "figures": detail.figures, "today": detail.today, "beats": detail.beats,
        "posts": detail.posts, "answers": answers,
    }  # fmt: skip
    return drafts.keep_proof(msgspec.json.encode(told, order="deterministic"))
