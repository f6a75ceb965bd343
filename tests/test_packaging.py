"""What is handed out: wheel and sdist carry everything, the locks name everything, and both work on their own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from pathlib import Path
from typing import Any, Final

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT: Final = Path(__file__).resolve().parent.parent
PROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCKS: Final = ("requirements.lock", "requirements-test.lock")
CARRIED: Final = {
    "templates/base.html",
    "templates/mail/_base.html",
    "static/style.css",
    "static/report.js",
    "migrations/env.py",
    "migrations/script.py.mako",
    "migrations/versions/0001_tables.py",
    "demo/magazine.toml",
}

# The wheel's own environment sees the libraries of the one that runs the tests, so that nothing has to be fetched.
USE_IT: Final = """
import sys
from pathlib import Path
import corrections
from corrections import create_app
assert Path(corrections.__file__).is_relative_to(sys.prefix), corrections.__file__
app = create_app({"TESTING": True}, instance=sys.argv[1])
answer = app.test_client().get("/report")
assert answer.status_code == 200, answer.status
sheet = next(part for part in answer.text.split('"') if part.startswith("/static/style.css"))
assert app.test_client().get(sheet).status_code == 200
print(answer.text)
"""


def run(*command: str | Path, **more: Any) -> str:
    """What the command printed; fails with what it complained about."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("COVERAGE", "COV_"))}
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, env=environment, **more)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The sdist, and the wheel that is made from it."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT)
    return {"sdist": next(folder.glob("*.tar.gz")), "wheel": next(folder.glob("*.whl"))}


@pytest.fixture(scope="session")
def installed(built: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a fresh environment with the wheel in it."""
    folder = tmp_path_factory.mktemp("fresh") / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", folder)
    site = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder), "platbase": str(folder)}))
    run(
        sys.executable,
        "-m",
        "pip",
        "--python",
        folder / "bin" / "python",
        "install",
        "--no-deps",
        "--no-index",
        built["wheel"],
    )
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    return folder / "bin"


@pytest.mark.packaging
def test_the_wheel_carries_all_that_the_program_reads(built: dict[str, Path]) -> None:
    names = {name.removeprefix("corrections/") for name in zipfile.ZipFile(built["wheel"]).namelist()}
    assert names >= CARRIED
    there = {path.relative_to(ROOT).as_posix() for path in (ROOT / "templates").rglob("*.*")}
    assert there <= names
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/")) or "__pycache__" in name]


@pytest.mark.packaging
def test_the_sdist_carries_what_is_needed_to_build_and_test_it(built: dict[str, Path]) -> None:
    with tarfile.open(built["sdist"]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "Makefile", *LOCKS} <= names
    assert {"templates/base.html", "tests/conftest.py", "corrections/static/style.css"} <= names
    assert not [name for name in names if name.startswith(("instance/", ".venv/", "node_modules/"))]


@pytest.mark.packaging
def test_the_metadata_says_what_it_is(built: dict[str, Path]) -> None:
    with zipfile.ZipFile(built["wheel"]) as wheel:
        metadata = wheel.read(next(name for name in wheel.namelist() if name.endswith("/METADATA"))).decode()
    assert f"Version: {PROJECT['project']['version']}\n" in metadata
    assert "License-Expression: BSD-3-Clause\n" in metadata
    assert "Requires-Python: >=3.11\n" in metadata


@pytest.mark.packaging
def test_it_works_in_a_fresh_environment(installed: Path, tmp_path: Path) -> None:
    program, instance = installed / "corrections", tmp_path / "instance"
    assert PROJECT["project"]["version"] in run(program, "--version", cwd=tmp_path)
    run(
        program,
        "--instance",
        instance,
        "init",
        "--publication",
        "The Tide",
        "--home-url",
        "https://tide.example.org/",
        cwd=tmp_path,
    )
    assert (instance / "corrections.sqlite").is_file()
    page = run(installed / "python", "-W", "ignore", "-c", USE_IT, instance, cwd=tmp_path)
    assert "The Tide" in page
    run(program, "--instance", instance, "backup", tmp_path / "backup", cwd=tmp_path)


# Locks


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_host_no_folder_and_every_digest(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert not re.search(r"https?://|file:|index-url|find-links|trusted-host|^\s*-e\b", text, re.MULTILINE)
    entries = re.split(r"\n(?=\S)", text.strip())
    assert len(entries) > 50
    for entry in entries:
        assert re.match(r"[a-z0-9._-]+==\S+", entry), entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry


def locked(name: str) -> dict[str, Version]:
    """What the lock installs here."""
    found = {}
    for line in (ROOT / name).read_text("utf-8").splitlines():
        if line and not line.startswith((" ", "#")):
            requirement = Requirement(line.rstrip("\\ "))
            if requirement.marker is None or requirement.marker.evaluate():
                found[canonicalize_name(requirement.name)] = Version(str(requirement.specifier).removeprefix("=="))
    return found


def asked(*groups: str) -> list[Requirement]:
    """What pyproject.toml asks for: to run, with every extra, and for these groups."""
    project = PROJECT["project"]
    lines = [*project["dependencies"], *(line for extra in project["optional-dependencies"].values() for line in extra)]
    return [
        Requirement(line) for line in lines + [line for group in groups for line in PROJECT["dependency-groups"][group]]
    ]


@pytest.mark.parametrize(
    ("name", "groups"), [("requirements.lock", ("build",)), ("requirements-test.lock", ("build", "test"))]
)
def test_a_lock_holds_what_the_project_asks_for(name: str, groups: tuple[str, ...]) -> None:
    there = locked(name)
    for requirement in asked(*groups):
        assert requirement.specifier.contains(there[canonicalize_name(requirement.name)]), requirement


def test_both_locks_agree() -> None:
    run_time, test = (locked(name) for name in LOCKS)
    assert run_time.items() <= test.items()


def test_the_test_lock_alone_is_installed_here() -> None:
    """What passes here has been tested with what is locked."""
    from importlib.metadata import distributions

    here = {canonicalize_name(found.name): Version(found.version) for found in distributions()}
    wrong = {name: (str(version), str(here.get(name))) for name, version in locked("requirements-test.lock").items()
             if here.get(name) != version}  # fmt: skip
    assert wrong == {}
