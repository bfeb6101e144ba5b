"""What the screens of an account remember, in the accounts' own file. No event: nobody commands by it, and the last writer wins.

Knows no screen: what the names mean is the screens' affair. See docs/decisions/0092-layout-on-the-machine.md.
"""

import json
import time
from typing import Any

from kuaijing.web.identity.accounts import Accounts


def find_preferences(accounts: Accounts, name: str) -> dict[str, Any]:
    """What is kept for that account; empty where nothing is."""
    with accounts.connection() as db:
        row = db.execute("SELECT kept FROM preferences WHERE name=?", (name,)).fetchone()
    return {} if row is None else dict(json.loads(str(row[0])))


def keep_preferences(accounts: Accounts, name: str, kept: dict[str, Any]) -> None:
    """In the place of what was kept before."""
    text = json.dumps(kept, ensure_ascii=False, sort_keys=True)
    again = "ON CONFLICT(name) DO UPDATE SET kept=excluded.kept, kept_at=excluded.kept_at"
    with accounts.connection() as db:
        db.execute(f"INSERT INTO preferences(name, kept, kept_at) VALUES(?,?,?) {again}", (name, text, time.time()))
