"""Assignments: the steps that an officer presses, or a dispatcher by voice; refusal and withdrawal."""

from collections.abc import Awaitable, Callable

from kuaijing.domain.commands import RefuseAssignment, StampAssignment, WithdrawAssignment
from kuaijing.domain.words import Step
from kuaijing.measures.instants import from_datetime
from kuaijing.web.doors import Asked, command
from kuaijing.web.identity.roles import AT_A_DESK
from kuaijing.web.own_beat import in_own_beat
from kuaijing.web.own_unit import on_own_assignment
from kuaijing.web.routes import Route
from kuaijing.web.services import Services
from kuaijing.web.submitting import submit, voice
from kuaijing.wire.answers import CommandAnswer
from kuaijing.wire.requests import ReasonBody, StepBody

_SUMMARY = {
    Step.DELIVERED: "The order reached the terminal",
    Step.ACKNOWLEDGED: "The crew has read it",
    Step.EN_ROUTE: "On the way",
    Step.ON_SCENE: "On scene, as pressed; the measured arrival stands beside it",
    Step.CONTROLLED: "The scene is under control",
    Step.SETTLED: "Settled",
    Step.CLEARED: "The unit is free again",
}


def routes(services: Services) -> list[Route]:
    """The doors of this file; each step has its own, so that an unknown one is unknown to the router too."""

    def stamping(step: Step) -> Callable[[Asked[StepBody]], Awaitable[CommandAnswer]]:
        async def stamp(asked: Asked[StepBody]) -> CommandAnswer:
            body, assignment = asked.given, asked.path["assignment"]
            on_own_assignment(services, asked, assignment)
            at = services.clock.now() if body.at is None else from_datetime(body.at)
            by_voice = voice(asked, body.by_voice)
            return await submit(
                services, asked, StampAssignment(assignment, step, at), by_voice=by_voice, reason=body.note
            )

        return stamp

    async def withdraw(asked: Asked[ReasonBody]) -> CommandAnswer:
        on_own_assignment(services, asked, asked.path["assignment"])
        in_own_beat(services, asked, asked.path["assignment"].rpartition(".")[0])
        return await submit(services, asked, WithdrawAssignment(asked.path["assignment"]), reason=asked.given.reason)

    async def refuse(asked: Asked[ReasonBody]) -> CommandAnswer:
        on_own_assignment(services, asked, asked.path["assignment"])
        refused = RefuseAssignment(asked.path["assignment"])
        return await submit(
            services, asked, refused, reason=asked.given.reason, by_voice=voice(asked, asked.given.by_voice)
        )

    path = "/api/assignments/{assignment}/"
    return [
        *((command(path + step.value, _SUMMARY[step], StepBody, CommandAnswer), stamping(step)) for step in Step),
        (
            command(
                path + "withdraw", "Take the order back, with a reason", ReasonBody, CommandAnswer, roles=AT_A_DESK
            ),
            withdraw,
        ),
        (command(path + "refuse", "The unit cannot, with a reason", ReasonBody, CommandAnswer), refuse),
    ]
