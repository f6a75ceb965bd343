"""Tools that some tests need and not every machine has."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

import dovecot_server
import postfix_server

ROOT: Final = Path(__file__).resolve().parent.parent
NODE_MODULES: Final = ROOT / "node_modules"
AXE: Final = NODE_MODULES / "axe-core" / "axe.min.js"
VNU: Final = NODE_MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"


def chromium() -> str | None:
    """The browser."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def missing() -> dict[str, str]:
    """Markers whose tests cannot run here, each with the reason and the remedy."""
    checker = VNU.is_file() and shutil.which("java")
    lacking = {
        "browser": "" if chromium() else "no Chromium (Debian: apt-get install chromium)",
        "axe": "" if AXE.is_file() else "no axe-core (make node_modules/installed; needs npm)",
        "htmlcheck": "" if checker else "no Nu HTML checker (make node_modules/installed; needs npm, and Java to run)",
        "mailserver": postfix_server.missing(),
        "imapserver": dovecot_server.missing(),
    }
    return {marker: why for marker, why in lacking.items() if why}
