"""Corrections: from a reader noticing an error in an article to the corrected article, everywhere."""

from __future__ import annotations

import os

TYPE_CHECKING = False  # and not from typing: `corrections mail receive` starts for each mail, so every import counts
if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any

    from flask import Flask

    __version__: str
    PACKAGE: Path


def __getattr__(name: str) -> object:
    """``__version__`` and ``PACKAGE``, the folder of the program, found out when they are asked for."""
    if name == "__version__":
        from importlib.metadata import PackageNotFoundError, version  # takes longer than all the rest of this file

        try:
            return version("corrections")
        except PackageNotFoundError:  # a plain checkout
            return "0+checkout"
    if name == "PACKAGE":
        return _package()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _package() -> Path:
    from pathlib import Path  # only where files of ours are looked for

    return Path(__file__).resolve().parent


def resource_dir(name: str) -> str:
    """A folder of ours: beside the package in a checkout, inside it in a wheel."""
    package = _package()
    beside = package.parent / name
    if (package.parent / "pyproject.toml").is_file() and beside.is_dir():
        return str(beside)
    return str(package / name)


def create_app(
    settings: Mapping[str, Any] | None = None, *, instance: str | Path | None = None, pages: bool = True
) -> Flask:
    """The application of one installation: settings, extensions and doors put together, nothing else.

    ``instance`` is the folder of the installation (default: CORRECTIONS_INSTANCE, else ./instance); ``settings``
    outrank file and environment. Without ``pages`` it can store and read mail, which needs no addresses of pages, and
    is there in half the time. Raises config.BadSetting.
    """
    # Here and not above, so that `corrections --help` does not wait for the web framework.
    from pathlib import Path

    from flask import Flask

    from corrections import config, db, links, mail

    folder = Path(instance or os.environ.get("CORRECTIONS_INSTANCE") or "instance").absolute()
    app = Flask(
        __name__,
        instance_path=str(folder),
        template_folder=resource_dir("templates"),
        static_folder=str(_package() / "static"),
    )
    config.load(app, settings)
    for part in (db, links, mail):
        part.init_app(app)
    if pages:
        from corrections import web  # brings the library for logging in, among others

        web.init_app(app)
    return app
