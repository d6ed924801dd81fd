#!/bin/sh
# Asks an installed harness what its own recovery, its gate and its evidence validation say of a plan.
#
#   tests/harness_oracle.sh PLAN-DIR [PROJECT-DIR]
#
# It works on a copy. Without a harness (the Python package `megaplan`, either generation) it says so and exits 0.
set -eu

plan=${1:?usage: tests/harness_oracle.sh PLAN-DIR [PROJECT-DIR]}
project=${2:-.}
python=${PYTHON:-python3}

root=$("$python" - <<'PYTHON'
import importlib.util

for name in ("arnold_pipelines.megaplan", "megaplan"):
    try:
        if importlib.util.find_spec(name + ".blocker_recovery"):
            print(name)
            break
    except ModuleNotFoundError:
        pass
PYTHON
)
if [ -z "$root" ]; then
    echo "no harness is installed for $python: nothing to ask"
    exit 0
fi

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
cp -R "$plan/." "$copy"
HARNESS=$root PLAN=$copy PROJECT=$project "$python" - <<'PYTHON'
import importlib
import inspect
import json
import os
import pathlib
import sys

harness, plan = os.environ["HARNESS"], pathlib.Path(os.environ["PLAN"])


def load(name):
    return importlib.import_module(harness + "." + name)


def read(name):
    return json.loads((plan / name).read_text(encoding="utf-8"))


finalize, state = read("finalize.json"), read("state.json")
evaluate = load("blocker_recovery").evaluate_blocker_recovery
options = {}
if (plan / "phase_result.json").exists():
    result = read("phase_result.json")
    options = {"blocked_tasks": result["blocked_tasks"], "deviations": result["deviations"]}
if "plan_dir" in inspect.signature(evaluate).parameters:
    options["plan_dir"] = plan
answer = evaluate(finalize, state, **options)
print("state:", state.get("current_state"))
print("recover-blocked would go on:", answer.can_continue)
for blocker in answer.blockers:
    print("  ", blocker.blocker_id, blocker.resolution_behavior)
issues = []
missing = load("execute.quality")._check_done_task_evidence_by_kind(
    finalize["tasks"], issues=issues, should_classify=lambda task: True
)
print("gate misses evidence of:", missing or "nothing")
audit = load("orchestration.evaluation").validate_execution_evidence(finalize, pathlib.Path(os.environ["PROJECT"]))
print("evidence validation:", audit.get("findings") or audit.get("reason") or "no finding")
sys.exit(0 if not missing else 1)
PYTHON
