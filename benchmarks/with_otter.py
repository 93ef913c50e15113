"""The worker: mark notebooks with otter-grader, without its container, by an interpreter that has otter.

    PYTHON with_otter.py autograder.zip NOTEBOOK...

prints the points of each. `autograder` makes the zip from an exercise of ours, with the same tests.
"""

import subprocess
import sys
from pathlib import Path

TEST = """from otter.test_files import test_case
OK_FORMAT = False
name = "{function}"
points = {points}


@test_case(points={points}, hidden=False)
def test({function}):
    from rnnchecks import check
{checks}
"""


def autograder(course, exercise, python, folder):
    """Write the tests of an exercise as otter wants them, and have otter pack them: path of the zip."""
    from grading.release import solution

    nb, parts = solution.read(course, exercise)
    said = {solution.grade_id(cell): solution.checks_in(cell.source) for cell in solution.graded(nb, "grade")}
    (folder / "tests").mkdir()
    for part in parts:
        checks = [f'    check("{one.problem}", {part.solution}, cases="{one.cases}")' for one in said[part.test]]
        text = TEST.format(function=part.solution, points=part.points, checks="\n".join(checks))
        (folder / "tests" / f"{part.solution}.py").write_text(text, encoding="utf-8")
    command = [python, "-m", "otter", "generate", "-t", "tests", "-o", "autograder.zip", "--no-environment"]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return folder / "autograder.zip"


def main(pack, *notebooks):
    from otter.api import grade_submission

    for notebook in notebooks:
        print(grade_submission(str(Path(notebook)), pack, quiet=True).total)


if __name__ == "__main__":
    main(*sys.argv[1:])
