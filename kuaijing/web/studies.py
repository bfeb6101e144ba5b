"""Studies: what can be studied here, the analysis of the demand, the blocks of the city, histories and their weights, long jobs."""

import asyncio
from typing import Any

import msgspec

from kuaijing.studies.demand_lines import DemandStudy
from kuaijing.studies.drafts import Draft, Drafts
from kuaijing.studies.histories import own_history
from kuaijing.studies.jobs import Job
from kuaijing.studies.questions import BlockMap, DemandAsked, ask_blocks, ask_demand
from kuaijing.studies.tasks import TASKS, Other, Task
from kuaijing.web.doors import Asked, Door, Nothing, command, look
from kuaijing.web.identity.roles import PLANNING
from kuaijing.web.once import Once
from kuaijing.web.routes import Route
from kuaijing.web.services import Services
from kuaijing.web.study_views import frozen_now, frozen_of, holding_view, job_view, rests_on, workroom
from kuaijing.wire.plans import canonical
from kuaijing.wire.problems import BadRequest, Fault
from kuaijing.wire.studies import (
    DemandQuery,
    HoldingView,
    JobBody,
    JobView,
    KindChoice,
    StudiesView,
    TierChoice,
    WeightBody,
)

_JOB = "/api/studies/jobs/{job}"


def routes(services: Services) -> list[Route]:
    """The doors of this file."""

    async def overview(_: Asked[Any]) -> StudiesView:
        frozen = await asyncio.to_thread(frozen_now, services)
        return await asyncio.to_thread(_overview, services, bool(own_history(frozen.city)))

    async def demand(asked: Asked[DemandQuery]) -> DemandStudy:
        given = asked.given
        kinds = tuple(each for each in given.kinds.split(",") if each)
        question = DemandAsked(given.until, given.days, kinds, given.group, given.officers)
        frozen = await asyncio.to_thread(frozen_now, services)
        return await workroom(services).ask(ask_demand, frozen, question, keep=True)

    async def blocks(_: Asked[Any]) -> BlockMap:
        frozen = await asyncio.to_thread(frozen_now, services)
        return await workroom(services).ask(ask_blocks, frozen, keep=True)

    async def histories(_: Asked[Any]) -> list[HoldingView]:
        return [holding_view(each) for each in await asyncio.to_thread(workroom(services).shelf.list_all)]

    async def weigh(asked: Asked[WeightBody]) -> HoldingView:
        shelf = workroom(services).shelf
        return holding_view(await asyncio.to_thread(shelf.weigh, asked.path["name"], asked.given.weight))

    async def jobs(_: Asked[Any]) -> list[JobView]:
        return [job_view(each) for each in workroom(services).jobs.list_all()]

    async def start(asked: Asked[JobBody]) -> JobView:
        task = TASKS.get(asked.given.kind)
        if task is None:
            fault = Fault("kind", asked.given.kind, "no such job", f"give one of {', '.join(TASKS)}")
            raise BadRequest([fault])
        question = _question(task, asked.given.asked)
        return job_view(await asyncio.to_thread(_started, services, asked, task, question))

    async def cancel(asked: Asked[Nothing]) -> JobView:
        return job_view(await asyncio.to_thread(workroom(services).jobs.cancel, asked.path["job"]))

    only: dict[str, Any] = {"roles": PLANNING}
    path = "/api/studies"
    once = Once(lambda: workroom(services).receipts)
    return [
        (look(path, "What can be studied, and on what it would rest", StudiesView, **only), overview),
        (look(f"{path}/demand", "The analysis of a period", DemandStudy, query=DemandQuery, **only), demand),
        (look(f"{path}/blocks", "The blocks of the city with their borders", BlockMap, **only), blocks),
        (look(f"{path}/histories", "Histories and layers on the shelf", list[HoldingView], **only), histories),
        once.route(
            command(f"{path}/histories/{{name}}/weight", "Give a layer its weight", WeightBody, HoldingView, **only),
            weigh,
        ),
        (look(f"{path}/jobs", "Long jobs, newest first", list[JobView], **only), jobs),
        once.route(command(f"{path}/jobs", "Start a long job", JobBody, JobView, status=201, **only), start),
        once.route(Door("DELETE", _JOB, "Stop a long job", Nothing, JobView, **only), cancel),
    ]


def _overview(services: Services, own: bool) -> StudiesView:
    plan, rests = services.plan_in_force(), rests_on(services)
    has_history = own or any(each.what == "incidents" for each in workroom(services).shelf.list_all())
    parents = {kind.parent for kind in plan.kinds if kind.parent}
    choices = [KindChoice(kind.code, kind.name, kind.name_en) for kind in plan.kinds]
    classes: dict[str, int] = {}
    for unit in plan.force:
        classes[str(unit.unit_class)] = classes.get(str(unit.unit_class), 0) + 1
    return StudiesView(
        list(TASKS), rests.plan, rests.plan_version, rests.ground, rests.closures,
        len(services.engine.picture.state.closures), has_history,
        [each for each in choices if each.code not in parents], [each for each in choices if each.code in parents],
        classes, len(plan.platforms), len(plan.beats),
        [TierChoice(tier.id, tier.name, tier.name_en, tier.limit_s) for tier in plan.tiers],
    )  # fmt: skip


def _question(task: Task, asked: dict[str, Any]) -> Any:
    try:
        return msgspec.convert(asked, task.asked, strict=False)
    except msgspec.ValidationError as error:
        raise BadRequest([Fault("asked", str(asked)[:120], str(error), "give what this kind of job takes")]) from None


def _other(drafts: Drafts, draft: Draft, against: str) -> Other:
    if against == draft.id:
        fault = Fault("against", against, "is the draft itself", "name another draft")
        raise BadRequest([fault])
    other = drafts.get(against)
    return Other(f"{other.name} ({other.revision})", canonical(drafts.plan_of(other)))


def _started(services: Services, asked: Asked[JobBody], task: Task, question: Any) -> Job:
    room, who = workroom(services), asked.who.account.name
    draft = room.drafts.get(asked.given.draft)
    frozen = frozen_of(services, draft)

    arguments: tuple[Any, ...] = (frozen, question)
    if task.of_draft:
        arguments = (*arguments, canonical(room.drafts.plan_of(draft)))
    if task.of_two:
        arguments = (*arguments, _other(room.drafts, draft, question.against))
    kind = asked.given.kind

    def then(answer: Any) -> Any:
        return task.keep(room.drafts, draft, kind, who, answer)

    return room.jobs.start(kind, draft.id, who, asked.given.asked, task.work, arguments, then)
