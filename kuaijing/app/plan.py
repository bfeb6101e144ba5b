"""``kuaijing plan``: put a plan document in force in DATA, or write the one in force as files. The server must not be running.

While it runs, plans go through ``POST /api/plan`` and ``GET /api/plan/export``. Plans are made, compared and proved by the actions of
``plan_studies``, beside which the server may run.
"""

import argparse
import asyncio
import getpass
from pathlib import Path
from typing import TYPE_CHECKING

from kuaijing.app import plan_studies
from kuaijing.app.clock import CityClock
from kuaijing.app.refused import Refused
from kuaijing.app.settings import Settings

if TYPE_CHECKING:
    from kuaijing.app.wiring import City


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the subcommand."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    importing = actions.add_parser("import", help="check a plan document and put it in force")
    importing.add_argument("source", type=Path, help="folder or ZIP with plan.yaml and the files it names")
    importing.add_argument("--check", action="store_true", help="only check; change nothing")
    exporting = actions.add_parser("export", help="write the plan in force as files")
    exporting.add_argument("--out", type=Path, required=True, metavar="DIR")
    exporting.add_argument("--xlsx", action="store_true", help="the force as a spreadsheet")
    for each in (importing, exporting):
        each.add_argument("--city", type=Path, required=True, metavar="DIR")
        each.add_argument("--data", type=Path, required=True, metavar="DIR")
        each.add_argument("--training", action="store_true", help="of the training log instead of the service's")
    plan_studies.add_actions(actions)


def run(arguments: argparse.Namespace) -> int:
    """Import, export, or a study."""
    if hasattr(arguments, "study"):
        return plan_studies.run(arguments)
    if arguments.action == "import":
        return asyncio.run(_import(arguments))
    return asyncio.run(_export(arguments))


async def _import(arguments: argparse.Namespace) -> int:
    from kuaijing.city.ground import DamagedGround, open_ground
    from kuaijing.wire.plans import PlanRefused, read_plan

    try:
        document = read_plan(arguments.source, open_ground(arguments.city).bbox)
    except (PlanRefused, DamagedGround, OSError) as error:
        raise Refused(str(error)) from None
    said = f"plan {document.name} version {document.version}: {len(document.beats)} beats, {len(document.force)} units"
    if arguments.check:
        print(f"{said}; no faults")
        return 0
    city = _city(arguments)
    async with city.working():
        await city.put_in_force(document, getpass.getuser())
    print(f"{said}; in force")
    return 0


async def _export(arguments: argparse.Namespace) -> int:
    from kuaijing.wire.plans import write_folder

    if arguments.out.exists() and any(arguments.out.iterdir()):
        raise Refused(f"{arguments.out} exists and is not empty; name a folder that does not exist")
    city = _city(arguments)
    async with city.working():
        document = city.plans.current()
        if document is None:
            raise Refused(f"no plan is in force in {arguments.data}")
        write_folder(document, arguments.out, xlsx=arguments.xlsx)
    print(f"plan {document.name} version {document.version} written to {arguments.out}")
    return 0


def _city(arguments: argparse.Namespace) -> "City":
    from kuaijing.app.wiring import Mode, open_city

    mode: Mode = "training" if arguments.training else "live"
    return open_city(arguments.city, arguments.data, settings=Settings(), clock=CityClock(), mode=mode)
