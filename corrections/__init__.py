"""Corrections: from a reader noticing an error in an article to the corrected article, everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from flask import Flask

try:
    __version__ = version("corrections")
except PackageNotFoundError:  # a plain checkout
    __version__ = "0+checkout"

PACKAGE: Final = Path(__file__).resolve().parent


def resource_dir(name: str) -> str:
    """A folder of ours: beside the package in a checkout, inside it in a wheel."""
    beside = PACKAGE.parent / name
    if (PACKAGE.parent / "pyproject.toml").is_file() and beside.is_dir():
        return str(beside)
    return str(PACKAGE / name)


def create_app(settings: Mapping[str, Any] | None = None, *, instance: str | Path | None = None) -> Flask:
    """The application of one installation: settings, extensions and doors put together, nothing else.

    ``instance`` is the folder of the installation (default: CORRECTIONS_INSTANCE, else ./instance); ``settings``
    outrank file and environment. Raises config.BadSetting.
    """
    # Here and not above, so that `corrections --help` does not wait for the web framework.
    import os

    from flask import Flask

    from corrections import config, db, links, mail, web

    folder = Path(instance or os.environ.get("CORRECTIONS_INSTANCE") or "instance").absolute()
    app = Flask(
        __name__,
        instance_path=str(folder),
        template_folder=resource_dir("templates"),
        static_folder=str(PACKAGE / "static"),
    )
    config.load(app, settings)
    for part in (db, links, mail, web):
        part.init_app(app)
    return app
