"""Build hook: a wheel holds the built screens, so that whoever installs it needs no Node.

In a checkout the screens are built anew from ``ui/``. In an unpacked source distribution they stand already.
"""

import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ScreensHook(BuildHookInterface[Any]):
    """Runs ``npm ci`` and ``npm run build`` where the package is built from a checkout."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build ``kuaijing/web/static``; an editable install leaves that to ``make setup``."""
        if version == "editable":
            return
        root = Path(self.root)
        built = root / "kuaijing" / "web" / "static" / "index.html"
        if (root / "PKG-INFO").exists() and built.exists():
            return
        npm = shutil.which("npm")
        if npm is None:
            raise RuntimeError(
                "npm is missing: install Node.js 20.19 or newer to build the screens (ui/), then build again"
            )
        ui = root / "ui"
        for command in ([npm, "ci", "--no-audit", "--no-fund"], [npm, "run", "build"]):
            subprocess.run(command, cwd=ui, check=True)
        if not built.exists():
            raise RuntimeError(f"the build of ui/ left no {built}; run 'npm run build' in ui/ and read what it says")
