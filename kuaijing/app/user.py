"""``kuaijing user``: the accounts of DATA. A password is asked for twice, or read from standard input; never an argument."""

import argparse
import difflib
import getpass
import sys
from pathlib import Path

from kuaijing.app.refused import Refused
from kuaijing.web.identity.accounts import Accounts, BadAccount
from kuaijing.web.identity.roles import UserRole


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the subcommand."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    add = actions.add_parser("add", help="make an account")
    add.add_argument("name")
    add.add_argument("--role", required=True, choices=[role.value for role in UserRole])
    add.add_argument("--unit", metavar="ID", help="the unit that an officer's account is bound to")
    add.add_argument("--platform", metavar="ID", help="the platform that a post's account is bound to")
    add.add_argument(
        "--password-stdin", action="store_true", help="read the password from the first line of standard input"
    )
    remove = actions.add_parser("remove", help="take an account and its sessions away")
    remove.add_argument("name")
    listing = actions.add_parser("list", help="list the accounts")
    for each in (add, remove, listing):
        each.add_argument("--data", type=Path, required=True, metavar="DIR", help="the server's data folder")


def run(arguments: argparse.Namespace) -> int:
    """Add, remove or list."""
    if arguments.action != "add" and not arguments.data.is_dir():
        raise Refused(f"there is no data folder {arguments.data}; name the one that `kuaijing serve --data` uses")
    if arguments.action == "add" and arguments.unit:
        _check_known("unit", arguments.unit, arguments.data)
    if arguments.action == "add" and arguments.platform:
        _check_known("platform", arguments.platform, arguments.data)
    accounts = Accounts(arguments.data)
    try:
        if arguments.action == "add":
            password = _password(arguments.password_stdin)
            account = accounts.add(
                arguments.name, UserRole(arguments.role), password, unit=arguments.unit, platform=arguments.platform
            )
            print(f"account {account.name} ({account.role.value}) made")
        elif arguments.action == "remove":
            if not accounts.remove(arguments.name):
                raise Refused(f"there is no account {arguments.name!r}; `kuaijing user list` shows those there are")
            print(f"account {arguments.name} removed")
        else:
            for account in accounts.list_all():
                print(account.name, account.role.value, account.unit or account.platform or "", sep="\t")
    except BadAccount as error:
        raise Refused(str(error)) from None
    finally:
        accounts.close()
    return 0


def _check_known(what: str, named: str, data: Path) -> None:
    """Refuse a unit or platform that the plan in force does not have; without a plan, say that nobody knows."""
    from kuaijing.app.training import find_service_plan

    plan = find_service_plan(data)
    if plan is None:
        print(
            f"note: {data} has no plan in force, so whether there is a {what} {named!r} is not known", file=sys.stderr
        )
        return
    known = sorted({each.unit if what == "unit" else each.platform for each in plan.force})
    if named not in known:
        by_sign = [each.unit for each in plan.force if what == "unit" and each.call_sign == named]
        near = by_sign or difflib.get_close_matches(named, known, 5, 0.4) or known[:5]
        raise Refused(f"the plan in force has no {what} {named!r}; nearest are {', '.join(near)} ({len(known)} in all)")


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    if not sys.stdin.isatty():
        raise Refused("no terminal to ask for a password; give it with --password-stdin")
    first = getpass.getpass("Password: ")
    if getpass.getpass("The same again: ") != first:
        raise Refused("the two passwords differ; nothing was made")
    return first
