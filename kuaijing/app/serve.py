"""``kuaijing serve``: the server of a city, in service. No play-actors, no default password, this machine only unless told so."""

import argparse
import logging
import os
from contextlib import closing
from pathlib import Path
from typing import Any

from kuaijing.app.clock import CityClock
from kuaijing.app.refused import Refused
from kuaijing.app.settings import names, read_settings


class _Settings(argparse.Action):
    """``--settings``; asks for no city and no data folder."""

    def __init__(self, **given: Any) -> None:
        super().__init__(nargs=0, **given)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        print("\n".join(names()))
        parser.exit()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the subcommand."""
    parser.add_argument("--city", type=Path, required=True, metavar="DIR", help="city folder (kuaijing city import)")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="data folder: log, accounts, plans")
    parser.add_argument("--host", default="127.0.0.1", help="address to serve on (default: this machine only)")
    parser.add_argument("--port", type=int, default=os.environ.get("PORT", "8135"), help="default 8135, or PORT=")
    parser.add_argument("--training", action="store_true", help="training mode: a log of its own, and screens say so")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a setting; see --settings")
    parser.add_argument("--settings", action=_Settings, help="list the settings and stop")


def run(arguments: argparse.Namespace) -> int:
    """Serve until interrupted."""
    from kuaijing.app.serving import bound, serve
    from kuaijing.app.wiring import Mode, open_city

    if not arguments.city.is_dir():
        raise Refused(
            f"there is no city folder {arguments.city}; make one with `kuaijing city import SOURCE --out DIR`"
        )
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    settings = read_settings(arguments.set, os.environ)
    mode: Mode = "training" if arguments.training else "live"
    with closing(bound(arguments.host, arguments.port)) as listening:
        city = open_city(arguments.city, arguments.data, settings=settings, clock=CityClock(), mode=mode)
        if not city.accounts.list_all():
            print(
                f"no account exists yet: kuaijing user add NAME --role dispatcher --data {arguments.data}", flush=True
            )

        def ready(address: str) -> None:
            print(f"快警 Kuaijing · {city.facts.name} · {address}/", flush=True)

        serve(city, listening, ready=ready)
    return 0
