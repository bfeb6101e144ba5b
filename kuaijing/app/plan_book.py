"""Plan documents of one city: kept by digest in the store, the one in force decoded and surveyed once."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from kuaijing.city.ground import Ground
from kuaijing.domain.commands import Context
from kuaijing.domain.places import Place
from kuaijing.domain.plan_document import PlanDocument
from kuaijing.engine.engine import Engine
from kuaijing.engine.ports import PlanVersion
from kuaijing.engine.recorded import Receipt
from kuaijing.engine.survey import Survey
from kuaijing.measures.instants import Instant, to_datetime
from kuaijing.measures.points import Point
from kuaijing.routing import Network
from kuaijing.web.problems import no_plan
from kuaijing.wire.answers import PlanVersionView
from kuaijing.wire.plans import canonical, digest_of, from_canonical


class PlanBook:
    """The plans of one city."""

    def __init__(self, engine: Engine, ground: Ground, network: Network, now: Callable[[], Instant]) -> None:
        self._engine, self._ground, self._network, self._now = engine, ground, network, now
        self._held: tuple[str, PlanDocument, Survey] | None = None

    def current(self) -> PlanDocument | None:
        """The document in force."""
        held = self._current()
        return None if held is None else held[1]

    def find_survey(self) -> Survey | None:
        """What ground and plan say of places."""
        held = self._current()
        return None if held is None else held[2]

    def place(self, point: Point, text: str, at: Instant) -> Place:
        """A surveyed place, or a refusal where no plan is in force."""
        survey = self.find_survey()
        if survey is None:
            raise no_plan()
        return survey.place(point, text, at)

    def areas(self) -> dict[str, Any]:
        """Areas of the plan in force as GeoJSON."""
        survey = self.find_survey()
        return {"type": "FeatureCollection", "features": []} if survey is None else survey.areas_geojson()

    def areas_of(self, digest: str) -> dict[str, Any]:
        """Areas of a plan that was kept, in force or not."""
        held = self._current()
        if held is not None and held[0] == digest:
            return held[2].areas_geojson()
        return Survey(self._ground, self._network, self._document(digest)).areas_geojson()

    async def put_in_force(self, document: PlanDocument, context: Context) -> Receipt:
        """Keep the document durably, put it in force, then place its closures and lift those of the plan before."""
        digest = digest_of(document)
        kept = PlanVersion(digest, document.name, document.version, self._now())
        await asyncio.to_thread(self._engine.store.plans.put, kept, canonical(document))
        receipt = await self._engine.submit(document.in_force(digest, self._ground.hash), context)
        await self.place_closures(document, context)
        return receipt

    async def place_closures(self, document: PlanDocument, context: Context) -> None:
        """Place the closures of the plan in force and lift those of the plan before."""
        placed = self._engine.picture.state.closures.values()
        for command in document.closure_commands(tuple(placed)):
            await self._engine.submit(command, replace(context, key=None, body=None))

    def document(self, digest: str) -> PlanDocument:
        """A plan that was kept, in force or not."""
        return self._document(digest)

    def versions(self) -> list[PlanVersionView]:
        """All that were kept, newest first."""
        in_force = self._engine.picture.state.plan
        views = []
        for kept in self._engine.store.plans.list_versions():
            document = self._document(kept.digest)
            views.append(
                PlanVersionView(
                    digest=kept.digest,
                    name=kept.name,
                    version=kept.version,
                    provisional=document.provisional,
                    valid_from=to_datetime(document.valid_from),
                    in_force=in_force is not None and in_force.digest == kept.digest,
                )
            )
        return views

    def _current(self) -> tuple[str, PlanDocument, Survey] | None:
        plan = self._engine.picture.state.plan
        if plan is None:
            return None
        if self._held is None or self._held[0] != plan.digest:
            document = self._document(plan.digest)
            self._held = plan.digest, document, Survey(self._ground, self._network, document)
        return self._held

    def _document(self, digest: str) -> PlanDocument:
        stored = self._engine.store.plans.find(digest)
        if stored is None:
            raise RuntimeError(f"plan document {digest} is in force but not in the store; restore DATA from a backup")
        return from_canonical(stored)
