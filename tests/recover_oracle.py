#!/usr/bin/env python3
"""Recovers plans by every route, and holds what our gate says of the result against what the harness itself says.

    recover_oracle.py --taskproof BIN --gate BIN --harness PYTHON:DIR [--harness PYTHON:DIR] [--plans LINES] [--only TEXT]

`--gate` is `cargo build --example gate`; `--harness` names a Python with the harness's dependencies and the directory that
holds its package. Without `--plans`, all situations of `fixture-repos/` are built and played; with it, the plans of a file
of JSON lines {"name", "root", "plan", "project"}, where `root` holds the other two. "repo", "range" (arguments) and "routes"
may be added.

For every plan and route: diagnosis, `recover --write`, a second `--write` that must change nothing, the questions, and
`undo`, which must restore every byte. Exits with 1 if anything disagrees.
"""

import argparse
import collections
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROUTES = ("advance", "resolve", "auto")
QUIET = {"PATH": os.environ.get("PATH", ""), "HOME": "/nonexistent", "LC_ALL": "C.UTF-8"}


class Asked:
    """A process that answers a JSON line with a JSON line."""

    def __init__(self, command, environment=None):
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(
            command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True, env=environment
        )

    def ask(self, plan, project):
        self.process.stdin.write(json.dumps({"plan": str(plan), "project": str(project)}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


def files(plan):
    """The plan's files, without our runs, the lock, and the harness's trail, which only grows."""
    left_out = {".taskproof", "finalize_history"}
    found = {}
    for path in sorted(plan.rglob("*")):
        parts = path.relative_to(plan).parts
        if path.is_file() and parts[0] not in left_out and path.name != ".plan.lock":
            found["/".join(parts)] = path.read_bytes()
    return found


class Play:
    def __init__(self, options, problems):
        self.taskproof = options.taskproof
        self.gate = Asked([options.gate, "ask"])
        self.harnesses = []
        for named in options.harness:
            python, directory = named.split(":")
            command = [python, str(HERE / "harness_oracle.py"), "-"]
            self.harnesses.append(Asked(command, {**os.environ, "PYTHONPATH": directory}))
        self.problems = problems
        self.counts = collections.Counter()

    def run(self, case, *arguments):
        command = [self.taskproof, *arguments, "--plan", str(case["plan"])]
        if arguments[0] != "undo":
            command += ["--format", "json", "--no-config", "--no-cache"]
            command += ["--repo", str(case["repo"])] if case.get("repo") else []
            command += case.get("range", [])
        done = subprocess.run(command, capture_output=True, text=True, env=QUIET, cwd=case["root"])
        try:
            report = json.loads(done.stdout)
        except ValueError:
            report = {}
        return done.returncode, report, done.stderr

    def play(self, case, route, told):
        """One plan, one route."""
        plan, label = pathlib.Path(case["plan"]), f"{case['name']} {route}"
        complain = lambda what: self.problems.append(f"{label}: {what}")
        before = files(plan)
        dry, seen, _ = self.run(case, "recover", "--route", route)
        if files(plan) != before:
            complain("the diagnosis wrote something")
        write = ["recover", "--write", "--route", route]
        if case.get("guarded"):
            write.append("--allow-authority")
        code, report, stderr = self.run(case, *write)
        chosen = (report.get("recovery") or {}).get("route")
        run_id, after = report.get("run_id"), files(plan)
        first = self.answers(case)
        again, idle, _ = self.run(case, *write)
        if idle.get("run_id") or files(plan) != after:
            complain("a second --write changed something")
        self.judge(report, run_id, chosen, first, complain)
        if run_id:
            undone, _, error = self.run(case, "undo")
            if undone != 0:
                complain(f"undo exits with {undone}: {error.strip()}")
            if files(plan) != before:
                complain("undo did not restore the bytes")
        self.counts[f"{chosen or 'none'}{' written' if run_id else ''}"] += 1
        row = {"name": case["name"], "route": route, "exits": [dry, code, again], "chosen": chosen, "run": bool(run_id)}
        row |= {"stderr": stderr.strip()[:300], "answers": first}
        print(json.dumps(row), file=told, flush=True)

    def answers(self, case):
        asked = (case["plan"], case.get("repo") or case["project"])
        gate = self.gate.ask(*asked)
        return gate, [harness.ask(case["plan"], case["project"]) for harness in self.harnesses]

    def judge(self, report, run_id, chosen, answers, complain):
        gate, harnesses = answers
        for it in harnesses:
            generation = it["harness"]
            if gate.get("own") == "none":
                # A task list, which no harness knows.
                continue
            if "error" in it or "error" in gate:
                if ("error" in it) != ("error" in gate):
                    complain(f"{generation}: only one of them can read it: {it.get('error')} / {gate.get('error')}")
                continue
            ours, theirs = gate[generation], it["recovery"]
            is_own = generation == gate["own"]
            kind = "own" if is_own else "other"
            if ours["goes_on"] == theirs["goes_on"]:
                self.counts[f"{generation} ({kind}) agrees: {'goes on' if ours['goes_on'] else 'refuses'}"] += 1
            else:
                self.counts[f"{generation} ({kind}) DISAGREES"] += 1
                complain(f"{generation} ({kind}): gate {ours}, harness {theirs}")
            if ours["goes_on"] and ours["state"] != theirs.get("state"):
                complain(f"{generation}: goes on to {ours['state']} / {theirs.get('state')}")
            misses = it["gate_misses"]
            if is_own and isinstance(misses, list) and misses != gate["gate_misses"]:
                complain(f"{generation} ({kind}): gate misses {gate['gate_misses']}, the harness's misses {misses}")
            if generation == "early" and is_own and gate["rescued"] != it["rescued"]:
                complain(f"rescue: gate {gate['rescued']}, harness {it['rescued']}")
            if run_id and is_own and chosen == "resolve" and not theirs["goes_on"]:
                complain(f"resolved, and the harness refuses: {theirs}")
            if run_id and is_own and chosen == "advance" and (it["state"], it["next"][:1]) != ("executed", ["review"]):
                complain(f"advanced, and the harness sees {it['state']}, next {it['next']}")
            if run_id and is_own and chosen:
                repaired = {edit["pointer"] for edit in report.get("edits", []) if edit["artifact"] == "finalize.json"}
                evidence = it["evidence"] if isinstance(it["evidence"], list) else [it["evidence"]]
                hollow = [text for text in evidence if "neither files_changed nor commands_run" in text]
                if hollow or misses:
                    complain(f"repaired {sorted(repaired)}, and still: {hollow} {misses}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--taskproof", required=True, type=os.path.abspath)
    parser.add_argument("--gate", required=True, type=os.path.abspath)
    parser.add_argument("--harness", action="append", default=[])
    parser.add_argument("--plans")
    parser.add_argument("--only", default="", help="play only what has this in its name")
    parser.add_argument("--routes", default=",".join(ROUTES))
    parser.add_argument("--rows", help="where a JSON line per play goes", default=os.devnull)
    options = parser.parse_args()
    problems = []
    with tempfile.TemporaryDirectory() as scratch, open(options.rows, "w", encoding="utf-8") as told:
        scratch = os.path.realpath(scratch)
        if options.plans:
            lines = pathlib.Path(options.plans).read_text(encoding="utf-8")
        else:
            lines = subprocess.run([options.gate, "build", scratch], check=True, capture_output=True, text=True).stdout
        play = Play(options, problems)
        for line in lines.splitlines():
            case = json.loads(line)
            if options.only not in case["name"]:
                continue
            for route in case.get("routes") or options.routes.split(","):
                # A directory for each, so that runs do not meet.
                copy = pathlib.Path(scratch, "play")
                shutil.copytree(case["root"], copy, symlinks=True)
                moved = {
                    key: str(copy / pathlib.Path(case[key]).relative_to(case["root"])) if key in ("plan", "project") else case[key]
                    for key in case
                }
                moved["root"] = str(copy)
                moved["guarded"] = any((pathlib.Path(moved["plan"]) / it).exists() for it in ("execute_batches", "finalize_history"))
                play.play(moved, route, told)
                shutil.rmtree(copy)
    for name, count in sorted(play.counts.items()):
        print(f"{count:5} {name}")
    print(f"{len(problems)} problems")
    for problem in problems:
        print("-", problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
