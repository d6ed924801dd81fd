"""Runs taskproof and reads its report.

The program comes with the wheel; nothing here knows plans or git. Every function takes the plan directory (or
``None``: it is found from the working directory) and further arguments as one would type them::

    from taskproof import check

    report = check(".megaplan/plans/m8")
    for question in (report["repair_request"] or {"tasks": []})["tasks"]:
        print(question["question"])
"""

from __future__ import annotations

import json
import os
import subprocess
import sysconfig
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, TypedDict, Union, cast

__all__ = ["Report", "TaskproofError", "attribute", "backfill", "check", "executable", "run", "verify_claims"]

#: What a report says of a plan, without an error: complete, fillable, needs an answer, work is missing.
STATUS_CODES = frozenset({0, 10, 11, 12})

PathLike = Union[str, "os.PathLike[str]"]


class Report(TypedDict):
    """The JSON report, version 1; ``taskproof generate schema`` describes every field."""

    schema_version: str
    tool: Dict[str, str]
    command: str
    plan: Dict[str, Any]
    history: Dict[str, Any]
    status: str
    tasks: List[Dict[str, Any]]
    repair_request: Optional[Dict[str, Any]]
    claims: List[Dict[str, Any]]
    edits: List[Dict[str, Any]]
    run_id: Optional[str]
    findings: List[Dict[str, Any]]


class TaskproofError(RuntimeError):
    """taskproof ended without a report."""

    def __init__(self, returncode: int, message: str) -> None:
        super().__init__(message or f"taskproof ended with exit code {returncode}")
        #: The exit code: 1 failed, 2 usage, 3 no plan, 4 refused.
        self.returncode = returncode


def executable() -> str:
    """The path of the program that belongs to this module.

    Looked for where the wheel's scripts are installed; a ``TASKPROOF`` in the environment wins.
    """
    named = os.environ.get("TASKPROOF")
    if named:
        return named
    name = "taskproof.exe" if os.name == "nt" else "taskproof"
    schemes = [sysconfig.get_path("scripts"), sysconfig.get_path("scripts", f"{os.name}_user")]
    places = [Path(directory) / name for directory in schemes if directory]
    # `pip install --target` puts scripts beside the modules.
    places.append(Path(__file__).resolve().parent.parent / "bin" / name)
    for place in places:
        if place.is_file():
            return str(place)
    raise FileNotFoundError("the taskproof program is not installed beside this module; set TASKPROOF to its path")


def run(command: str, *arguments: PathLike, cwd: Optional[PathLike] = None) -> Report:
    """Runs one command and returns its report.

    Raises :class:`TaskproofError` when there is none: exit codes 1 to 4. The status of the plan is in the report
    and raises nothing.
    """
    line = [executable(), command, "--format", "json", *map(os.fspath, arguments)]
    done = subprocess.run(line, cwd=cwd, capture_output=True, check=False)
    if done.returncode not in STATUS_CODES:
        message = done.stderr.decode("utf-8", "replace").strip()
        raise TaskproofError(done.returncode, message[7:] if message.startswith("error: ") else message)
    return cast(Report, json.loads(done.stdout))


def attribute(plan: Optional[PathLike] = None, *arguments: PathLike) -> Report:
    """Who changed what, for every task."""
    return run("attribute", *_plan(plan), *arguments)


def backfill(plan: Optional[PathLike] = None, *arguments: PathLike, write: bool = False) -> Report:
    """What can be filled with certainty; with ``write`` it is filled."""
    return run("backfill", *_plan(plan), *(["--write"] if write else []), *arguments)


def check(plan: Optional[PathLike] = None, *arguments: PathLike) -> Report:
    """How the plan stands, claims of gate and reviews included."""
    return run("check", *_plan(plan), *arguments)


def verify_claims(plan: Optional[PathLike] = None, *arguments: PathLike, write: bool = False) -> Report:
    """Which claims still hold; with ``write`` the outcome is recorded."""
    return run("verify-claims", *_plan(plan), *(["--write"] if write else []), *arguments)


def _plan(plan: Optional[PathLike]) -> Sequence[PathLike]:
    return [] if plan is None else ["--plan", plan]
