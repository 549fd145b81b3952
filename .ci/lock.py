"""Writes the lock files with uv, or checks them: `python .ci/lock.py [--check]`.

requirements.lock pins what Byline needs, requirements-dev.lock what its tests and checks need besides; both
for every platform and Python version that pyproject.toml admits, with the hashes of all wheels. torch is
left out: which of its builds fits is pip's to find, and builds of one version differ in their hashes.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
RUN, DEV = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"
UNLOCKED = "torch"
COMPILE = (
    "uv pip compile pyproject.toml --quiet --upgrade --universal --generate-hashes --no-annotate --no-header "
    f"--no-emit-package {UNLOCKED}"
).split()


def write() -> None:
    """Resolve both sets anew; the second file leaves out what the first has."""
    bin_ = Path(sys.executable).parent
    run = _compiled(str(bin_ / COMPILE[0]), *COMPILE[1:])
    RUN.write_text("".join(run.values()), encoding="utf-8")
    dev = _compiled(str(bin_ / COMPILE[0]), *COMPILE[1:], "--extra", "dev", "--constraints", str(RUN))
    DEV.write_text("".join(text for pin, text in dev.items() if pin not in run), encoding="utf-8")


def _compiled(*command: str) -> dict[str, str]:
    """The output's entries by their first lines."""
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    entries = re.split(r"(?m)^(?=\w)", done.stdout)[1:]
    return {entry.partition(" \\")[0]: entry for entry in entries}


def faults() -> Iterator[str]:
    """Each requirement of pyproject.toml that no pin of its lock file meets."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    run = _pins(RUN)
    dev = {**run, **_pins(DEV)}
    needed = [(text, run) for text in project["project"]["dependencies"]]
    needed += [(text, dev) for text in project["project"]["optional-dependencies"]["dev"]]
    for text, pins in needed:
        requirement = Requirement(text)
        name = canonicalize_name(requirement.name)
        versions = pins.get(name, [])
        if name != UNLOCKED and not (versions and all(map(requirement.specifier.contains, versions))):
            yield f"{text}: the lock has {', '.join(versions) or 'none'}"
    (known,) = (row for row in project["tool"]["uv"]["dependency-metadata"] if row["name"] == UNLOCKED)
    if f"{UNLOCKED}=={known['version']}" not in project["project"]["dependencies"]:
        yield f"{UNLOCKED}: [[tool.uv.dependency-metadata]] is of another version, {known['version']}"


def _pins(file: Path) -> dict[str, list[str]]:
    pins: dict[str, list[str]] = {}
    for name, version in re.findall(r"(?m)^([\w.-]+)==([^\s;]+)", file.read_text("utf-8")):
        pins.setdefault(canonicalize_name(name), []).append(version)
    return pins


if __name__ == "__main__":
    if "--check" not in sys.argv:
        write()
    found = list(faults())
    sys.exit("\n".join([*found, "Renew the lock: make lock"]) if found else 0)
