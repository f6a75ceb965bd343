"""Tools that some tests need and not every machine has."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
NODE_MODULES: Final = ROOT / "node_modules"
AXE: Final = NODE_MODULES / "axe-core" / "axe.min.js"
VNU: Final = NODE_MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"


def chromium() -> str | None:
    """The browser."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def missing() -> dict[str, str]:
    """Markers whose tests cannot run here, each with the reason and the remedy."""
    present = {
        "browser": (chromium(), "no Chromium (Debian: apt-get install chromium)"),
        "axe": (AXE.is_file(), "no axe-core (make node_modules; needs npm)"),
        "htmlcheck": (
            VNU.is_file() and shutil.which("java"),
            "no Nu HTML checker (make node_modules; needs npm and Java)",
        ),
        "mailserver": (
            _postfix(),
            "no Postfix and Dovecot to run as root (Debian: apt-get install postfix dovecot-imapd)",
        ),
    }
    return {marker: why for marker, (there, why) in present.items() if not there}


def _postfix() -> bool:
    return Path("/usr/sbin/postfix").exists() and Path("/usr/sbin/dovecot").exists()
