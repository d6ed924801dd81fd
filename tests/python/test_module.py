"""The Python module runs the installed program. Needs an installed wheel: `.ci/wheel` makes one and runs this."""

import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

import taskproof


class Module(unittest.TestCase):
    def setUp(self) -> None:
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.root = Path(scratch.name) / "incident"
        subprocess.run([taskproof.executable(), "demo", "--keep", str(self.root)], check=True, capture_output=True)
        (self.plan,) = self.root.glob(".megaplan/plans/*")

    def test_a_plan_is_read_filled_and_read_again(self) -> None:
        report = taskproof.attribute(self.plan)
        self.assertEqual(report["status"], "blocked_metadata")
        self.assertEqual(taskproof.backfill(self.plan)["run_id"], None)
        self.assertIsNotNone(taskproof.backfill(self.plan, write=True)["run_id"])
        self.assertEqual(taskproof.attribute(self.plan)["status"], "complete")
        finalize = json.loads((self.plan / "finalize.json").read_text())
        self.assertTrue(all(task["files_changed"] or task["commands_run"] for task in finalize["tasks"]))

    def test_no_report_is_an_error_with_its_code(self) -> None:
        with self.assertRaises(taskproof.TaskproofError) as caught:
            taskproof.check(self.root / "nowhere")
        self.assertEqual(caught.exception.returncode, 3)
        self.assertIn("nowhere", str(caught.exception))

    def test_the_environment_may_name_the_program(self) -> None:
        os.environ["TASKPROOF"] = "/nowhere/taskproof"
        self.addCleanup(os.environ.pop, "TASKPROOF")
        with self.assertRaises(FileNotFoundError):
            taskproof.attribute(self.plan)


if __name__ == "__main__":
    unittest.main()
