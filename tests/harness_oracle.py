#!/usr/bin/env python3
"""Asks an installed harness what its own recovery, gate and evidence validation say of plans.

    harness_oracle.py PLAN-DIR [PROJECT-DIR]    one plan
    harness_oracle.py -                         a JSON line {"plan": ..., "project": ...} per plan on standard input

It prints a JSON line per plan and works on copies. One process serves many plans, because starting is what takes time.
Without a harness (the Python package `megaplan`, either generation, on the path of this Python) it exits with 3.
"""

import argparse
import importlib
import importlib.util
import inspect
import json
import pathlib
import shutil
import sys
import tempfile

ROOTS = ("arnold_pipelines.megaplan", "megaplan")


def installed():
    """The package of the harness, the later generation first."""
    for root in ROOTS:
        try:
            if importlib.util.find_spec(root + ".blocker_recovery"):
                return root
        except ModuleNotFoundError:
            continue
    return None


class Harness:
    def __init__(self, root):
        load = lambda name: importlib.import_module(f"{root}.{name}")
        self.generation = "late" if root == ROOTS[0] else "early"
        self.recover = load("handlers.override")._override_recover_blocked
        self.gate = load("execute.quality")._check_done_task_evidence_by_kind
        self.audit = load("orchestration.evaluation").validate_execution_evidence
        self.chain = load("chain")
        self.next_steps = load("_core").infer_next_steps
        self.refusal = load("types").CliError

    def ask(self, plan, project):
        """What it says of a plan whose project is in a directory."""
        with tempfile.TemporaryDirectory() as scratch:
            copy = pathlib.Path(scratch, ".megaplan", "plans", pathlib.Path(plan).name)
            shutil.copytree(plan, copy, ignore=shutil.ignore_patterns(".taskproof"), copy_function=shutil.copy2)
            finalize, state = read(copy / "finalize.json"), read(copy / "state.json")
            # Recorded on another machine, perhaps.
            state.setdefault("config", {})["project_dir"] = str(project)
            (copy / "state.json").write_text(json.dumps(state, indent=2) + "\n", encoding="utf-8")
            told = {"plan": str(plan), "harness": self.generation, "state": state.get("current_state")}
            told["next"] = self.guarded(lambda: list(self.next_steps(state)))
            told["rescued"] = self.guarded(lambda: self.is_rescued(copy))
            told["gate_misses"] = self.guarded(lambda: self.misses(finalize, copy))
            audit = self.guarded(lambda: self.audit(finalize, pathlib.Path(project), state=state))
            told["evidence"] = audit.get("findings", []) if isinstance(audit, dict) else audit
            told["recovery"] = self.recovery(pathlib.Path(scratch), copy, state)
            return told

    def is_rescued(self, copy):
        """Whether a chain would take the blocked execute for done by itself."""
        is_blocked = self.chain._latest_execute_result(copy) == "blocked"
        return is_blocked and self.chain._latest_execution_batch_all_tasks_done(copy)[0]

    def misses(self, finalize, copy):
        """Done tasks that its gate finds nothing for; the later one exempts what its contract names."""
        more = {}
        if "pre_existing" in inspect.signature(self.gate).parameters and (copy / "contract.json").exists():
            more["pre_existing"] = set(read(copy / "contract.json").get("pre_existing", []))
        return self.gate(finalize["tasks"], issues=[], should_classify=lambda task: True, **more)

    def recovery(self, root, copy, state):
        """`override recover-blocked` itself, carried out."""
        arguments = argparse.Namespace(plan=copy.name, reason="asked", override_action="recover-blocked")
        try:
            answer = self.recover(root, copy, state, arguments)
            return {"goes_on": True, "state": answer["state"]}
        except self.refusal as error:
            extra = getattr(error, "extra", None) or {}
            blockers = extra.get("unresolved_blockers", [])
            open_ids = [it["blocker_id"] for it in blockers if it.get("is_terminal") or self.generation == "early"]
            messages = [it["message"] for it in blockers if it["blocker_id"] in open_ids]
            return {"goes_on": False, "code": error.code, "open": open_ids, "messages": messages}
        except Exception as error:  # Whatever it trips over is an answer too.
            return {"goes_on": False, "code": f"{type(error).__name__}: {error}", "open": [], "messages": []}

    @staticmethod
    def guarded(ask):
        try:
            return ask()
        except Exception as error:
            return f"{type(error).__name__}: {error}"


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def main():
    root = installed()
    if root is None:
        print("no harness is installed for this Python: nothing to ask", file=sys.stderr)
        return 3
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    if sys.argv[1] == "-":
        asked = (json.loads(line) for line in sys.stdin)
        asked = ((it["plan"], it["project"]) for it in asked)
    else:
        asked = [(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else ".")]
    out = sys.stdout
    # What the harness prints on the way is not for those who read lines.
    sys.stdout = sys.stderr
    harness = Harness(root)
    for plan, project in asked:
        try:
            told = harness.ask(plan, project)
        except Exception as error:
            told = {"plan": str(plan), "harness": harness.generation, "error": f"{type(error).__name__}: {error}"}
        print(json.dumps(told), file=out, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
