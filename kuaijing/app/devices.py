"""``kuaijing devices``: the device register of a running server, by its own door and with one's own account.

A running server holds the register in memory and alone knows who is calling, so there is one way: sign in and do what the devices
screen does. Each change stands in the log under the name of whoever signed in.
"""

import argparse
import getpass
import hashlib
import sys
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from kuaijing.app.refused import Refused

_PROTOCOLS: Final = ("jt808", "traccar", "osmand", "owntracks", "gpslogger", "json")
_MOST_SHOWN: Final = 200


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the subcommand."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("list", help="devices with unit, state, clock and refusals")
    actions.add_parser("unknown", help="devices that call and that nobody approved")
    for name, told in (("approve", "approve a device that calls"), ("enter", "enter a device before it calls")):
        entering = actions.add_parser(name, help=told)
        entering.add_argument("protocol", choices=_PROTOCOLS)
        entering.add_argument("key", help="telephone number, unique id or user/device")
        _add_facts(entering)
    changing = actions.add_parser("change", help="another unit, name, coordinate system or code")
    changing.add_argument("device", metavar="ID", help="protocol:key")
    _add_facts(changing)
    changing.add_argument("--new-code", action="store_true", help="the code before becomes worthless")
    for name, told in (
        ("retire", "believe a device no more"),
        ("restore", "believe it again"),
        ("code", "show its authentication code; the look is logged"),
        ("history", "who changed it, when and why"),
    ):
        one = actions.add_parser(name, help=told)
        one.add_argument("device", metavar="ID", help="protocol:key")
    importing = actions.add_parser("import", help="enter a list: protocol,key,unit,name,crs,code")
    importing.add_argument("file", type=Path, metavar="FILE.csv")
    importing.add_argument("--check", action="store_true", help="only check; change nothing")
    for name, each in actions.choices.items():
        each.add_argument(
            "--server", default="http://127.0.0.1:8135", metavar="URL", help="default: this machine, 8135"
        )
        each.add_argument("--user", required=True, help="account; changes need an administrator's")
        each.add_argument("--password-stdin", action="store_true", help="the first line of standard input")
        if name not in ("list", "unknown", "history"):
            each.add_argument("--reason", required=True, help="stands in the log")


def _add_facts(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--unit", metavar="ID", help='"" puts it in a drawer')
    parser.add_argument("--name")
    parser.add_argument("--crs", choices=["wgs84", "gcj02", "bd09"])
    parser.add_argument("--code-stdin", action="store_true", help="a code of its own, the next line of standard input")


def run(arguments: argparse.Namespace) -> int:
    """Sign in and do it."""
    password = _password(arguments.password_stdin)
    with _Door(arguments.server, arguments.user, password) as door:
        return int(_ACTIONS[arguments.action](door, arguments) or 0)


class _Door:
    """The server's door, signed in."""

    def __init__(self, server: str, user: str, password: str) -> None:
        import httpx

        self._server = server
        try:
            self._http = httpx.Client(base_url=server, timeout=30, trust_env=False)
        except (httpx.InvalidURL, ValueError) as fault:
            raise Refused(f"--server {server!r}: {fault}; give one such as http://127.0.0.1:8135") from None
        self._account = {"user": user, "password": password}

    def __enter__(self) -> "_Door":
        try:
            self.ask("POST", "/api/session", self._account)
        except Refused:
            self._http.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None, key: str | None = None) -> Any:
        """The answer; a refusal of the server's as one message with all its faults."""
        import httpx

        headers = {} if key is None else {"Idempotency-Key": key}
        try:
            answer = self._http.request(method, path, json=body, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL) as fault:
            raise Refused(f"the server at {self._server} does not answer: {fault}") from None
        if answer.is_success:
            return answer.json()
        try:
            problem = answer.json()
            lines = [str(problem["detail"])]
            lines += [
                f"  {each['field']} {each['value']}: {each['problem']}; {each['remedy']}" for each in problem["faults"]
            ]
        except (ValueError, KeyError, TypeError):
            raise Refused(f"{self._server} answered {answer.status_code}; is it a Kuaijing server?") from None
        raise Refused("\n".join(lines))


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    if not sys.stdin.isatty():
        raise Refused("no terminal to ask for a password; give it with --password-stdin")
    return getpass.getpass("Password: ")


def _path(device: str) -> str:
    return "/api/devices/" + quote(quote(device, safe=":@+"), safe=":@+")


def _facts(arguments: argparse.Namespace) -> dict[str, Any]:
    facts = {name: getattr(arguments, name) for name in ("unit", "name", "crs") if getattr(arguments, name) is not None}
    if arguments.code_stdin:
        facts["code"] = sys.stdin.readline().rstrip("\n")
    return facts


def _list(door: _Door, _: argparse.Namespace) -> None:
    found = door.ask("GET", "/api/devices")
    print("id", "unit", "name", "crs", "state", "last heard", "clock s", "accepted", "refused", "suspicion", sep="\t")
    for each in found["devices"]:
        judged, contact = each["judged"] or {}, each["contact"] or {}
        refused = {**judged.get("refused", {}), **each["faults"]}
        told = " ".join(f"{reason}={count}" for reason, count in refused.items())
        print(
            each["id"], each["unit"] or "", each["name"], each["crs"], each["state"], contact.get("last_at", ""),
            judged.get("offset_s", ""), judged.get("accepted", ""), told, judged.get("crs_suspected") or "", sep="\t",
        )  # fmt: skip
    print(f"{len(found['devices'])} devices, {found['unknown']} unknown", file=sys.stderr)


def _unknown(door: _Door, _: argparse.Namespace) -> None:
    for each in door.ask("GET", "/api/devices/unknown"):
        said = " ".join(f"{name}={value}" for name, value in each["facts"].items())
        print(each["protocol"], each["key"], each["first_at"], each["last_at"], each["count"], said, sep="\t")


def _enter(door: _Door, arguments: argparse.Namespace) -> None:
    from kuaijing.engine.device_records import plain_key

    key = plain_key(arguments.protocol, arguments.key)
    if arguments.action == "approve":
        calling = door.ask("GET", "/api/devices/unknown")
        if not any((each["protocol"], each["key"]) == (arguments.protocol, key) for each in calling):
            raise Refused(
                f"no unknown {arguments.protocol} device {key!r} has called; `enter` takes in one that has not"
            )
    facts = {name: value for name, value in _facts(arguments).items() if value}
    body = {"protocol": arguments.protocol, "key": key, "reason": arguments.reason, **facts}
    print(f"{door.ask('POST', '/api/devices', body)['ids']['entry']} entered")


def _change(door: _Door, arguments: argparse.Namespace) -> None:
    version = door.ask("GET", _path(arguments.device))["version"]
    body = {"version": version, "reason": arguments.reason, "new_code": arguments.new_code, **_facts(arguments)}
    door.ask("POST", _path(arguments.device), body)
    print(f"{arguments.device} changed")


def _end(door: _Door, arguments: argparse.Namespace) -> None:
    version = door.ask("GET", _path(arguments.device))["version"]
    door.ask("POST", f"{_path(arguments.device)}/{arguments.action}", {"version": version, "reason": arguments.reason})
    print(f"{arguments.device} {arguments.action}d")


def _code(door: _Door, arguments: argparse.Namespace) -> None:
    print(door.ask("POST", f"{_path(arguments.device)}/code", {"reason": arguments.reason})["code"])


def _history(door: _Door, arguments: argparse.Namespace) -> None:
    for each in door.ask("GET", f"{_path(arguments.device)}/history"):
        code = "own code" if each["own_code"] else f"derived code {each['generation']}"
        print(
            each["version"], each["at"], each["actor"], each["change"], each["unit"] or "", each["name"], each["crs"],
            code, each["reason"], sep="\t",
        )  # fmt: skip


def _import(door: _Door, arguments: argparse.Namespace) -> int:
    from kuaijing.app.device_sheet import Entered, read_sheet

    devices = door.ask("GET", "/api/devices")["devices"]
    entered = {each["id"]: Entered(each["unit"], each["name"], each["crs"], each["active"]) for each in devices}
    content = arguments.file.read_bytes()
    sheet = read_sheet(content, entered, {each["id"] for each in door.ask("GET", "/api/units")})
    if sheet.faults:
        for fault in sheet.faults[:_MOST_SHOWN]:
            print(fault, file=sys.stderr)
        left = len(sheet.faults) - _MOST_SHOWN
        more = f" ({left} more not shown)" if left > 0 else ""
        raise Refused(f"{arguments.file}: {len(sheet.faults)} faults{more}; nothing was entered")
    if arguments.check:
        print(f"{len(sheet.new)} devices to enter, {sheet.same} entered already; no faults")
        return 0
    mark = hashlib.sha256(content).hexdigest()[:32]
    for number, record in enumerate(sheet.new):
        body = {"protocol": record.protocol, "key": record.key, "name": record.name, "crs": record.crs}
        body |= {"unit": record.unit, "code": record.code or "", "reason": arguments.reason}  # type: ignore[dict-item]
        try:
            door.ask("POST", "/api/devices", body, key=f"import-{mark}-{record.id}"[:128].replace(" ", "_"))
        except Refused as refused:
            raise Refused(f"{record.id}: {refused}\n{number} of {len(sheet.new)} were entered; import again") from None
    print(f"{len(sheet.new)} devices entered, {sheet.same} were entered already")
    return 0


_ACTIONS: Final[dict[str, Any]] = {
    "list": _list,
    "unknown": _unknown,
    "approve": _enter,
    "enter": _enter,
    "change": _change,
    "retire": _end,
    "restore": _end,
    "code": _code,
    "history": _history,
    "import": _import,
}
