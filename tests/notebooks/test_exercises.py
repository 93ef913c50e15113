"""exercises/ is what solutions/ gives, tells nothing that it should not, and says true things about itself."""

import os
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from grading import store
from grading.course import Course
from grading.release import solution as source
from grading.release.preprocessors import ANSWER
from grading.release.release import generate
from grading.report.result import GRADED
from grading.run.run import autograde
from rnnchecks import problems
from rnnchecks.points import table

ROOT = Path(__file__).resolve().parents[2]
COURSE = Course(ROOT)
TASK = re.compile(r"^\*\*(warm-up|core|stretch)\*\* · (\d+) minutes · (\d+) points?$", re.MULTILINE)
QUESTION = re.compile(r"^\| \d+ \| open question \| ([a-z-]+) \| (\d+) \| (\d+) \|$", re.MULTILINE)
ROW = re.compile(r"^\| \d+ \| `(\w+)` \| ([a-z-]+) \| (\d+) \| (\d+) \|$", re.MULTILINE)


@pytest.fixture(scope="module", autouse=True)
def environment():
    """Give back the environment that nbgrader_config.py changes; let kernels in other folders find rnnlib."""
    before = dict(os.environ)
    os.environ["PYTHONPATH"] = str(ROOT)
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="module", params=COURSE.exercises)
def exercise(request):
    return request.param


@pytest.fixture(scope="module")
def solution(exercise):
    return source.read(COURSE, exercise)[0]


@pytest.fixture(scope="module")
def parts(exercise):
    return source.read(COURSE, exercise)[1]


@pytest.fixture(scope="module")
def released(exercise):
    return nbformat.read(COURSE.file("release", exercise), as_version=4)


def everything_said(nb):
    return "\n".join(cell.source for cell in nb.cells)


def test_in_step_with_the_solution(exercise, tmp_path):
    made = generate(COURSE, exercise, tmp_path)
    fresh = {path.relative_to(made): path.read_bytes() for path in made.rglob("*") if path.is_file()}
    here = COURSE.file("release", exercise).parent
    for path, data in fresh.items():
        assert (here / path).exists(), f"exercises/{exercise}/{path} is missing: run `make release`"
        assert (here / path).read_bytes() == data, (
            f"exercises/{exercise}/{path} is not what solutions/ gives. Run `make release`; if you worked in it, "
            f"`python -m grading release --again {exercise}` makes it fresh and keeps your work beside it."
        )


def test_no_exercise_without_a_solution():
    folders = {path.name for path in COURSE.folder("release").iterdir() if not path.name.startswith(".")}
    assert folders == set(COURSE.exercises)


def test_no_solution_leaks(solution, released):
    said = everything_said(released)
    outside, inside = [], []
    for cell in (cell for cell in solution.cells if cell.cell_type == "code"):
        where = outside
        for line in cell.source.splitlines():
            if line.strip() == source.BEGIN:
                where = inside
            elif line.strip() == source.END:
                where = outside
            else:
                where.append(line.strip())
    for cell in source.graded(solution, "question"):
        inside += [line.strip() for line in cell.source.splitlines()]
    # What the notebook's own code shows anyway, and lines as short as `T, B, D = x.shape`, give nothing away.
    secret = {line for line in inside if len(line) > 20} - set(outside)
    assert len(secret) >= len(source.graded(solution, "solution"))
    assert [line for line in secret if line in said] == []


def test_no_marks_and_no_hidden_tests(released):
    text = nbformat.writes(released)
    for word in ("BEGIN SOLUTION", "END SOLUTION", "HIDDEN TESTS", 'cases=\\"hidden\\"'):
        assert word not in text


def test_no_outputs(released):
    for cell in released.cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


def test_nothing_of_a_machine(released):
    assert released.metadata.kernelspec == {"display_name": "Python 3", "language": "python", "name": "python3"}
    assert set(released.metadata.language_info) == {"name"}


def test_cells_keep_their_ids(solution, released):
    assert [cell.id for cell in released.cells] == [cell.id for cell in solution.cells]


def test_every_stub_names_exercise_and_function(exercise, parts, released):
    stubs = {source.grade_id(cell): cell.source for cell in source.graded(released, "solution")}
    assert set(stubs) == {part.solution for part in parts}
    for name, text in stubs.items():
        assert text.startswith(f"def {name}(")
        assert text.count(f'raise NotImplementedError("{exercise}: {name}")') == 1


def test_every_problem_of_the_catalogue_is_in_a_notebook():
    there = [part.problem.name for name in COURSE.exercises for part in source.read(COURSE, name)[1]]
    assert sorted(there) == sorted(problem.name for problem in problems())


def test_the_points_that_checks_show_are_those_of_the_cells(exercise, parts):
    worth = {part.problem.function_name: part.points for part in parts}
    assert table(exercise.partition("-")[2]) == worth


def test_points_and_minutes_in_the_text_are_those_of_the_cells(parts, released):
    """The statement above a function, the table at the top and nbgrader's metadata say the same."""
    rows = {
        name: (kind, int(minutes), int(points)) for name, kind, minutes, points in ROW.findall(released.cells[0].source)
    }
    assert list(rows) == [part.solution for part in parts]
    statement, stated = "", {}
    for cell in released.cells:
        if cell.cell_type == "markdown" and TASK.search(cell.source):
            statement = cell.source
        elif source.grade_id(cell) in rows:
            kind, minutes, points = TASK.search(statement).groups()
            assert f"`{source.grade_id(cell)}`" in statement.splitlines()[0]
            stated[source.grade_id(cell)] = (kind, int(minutes), int(points))
    assert stated == rows
    assert {part.solution: part.points for part in parts} == {name: points for name, (_, _, points) in rows.items()}


def test_one_open_question_is_read_by_a_person(solution, released):
    (row,) = QUESTION.findall(released.cells[0].source)
    (cell,) = source.graded(released, "question")
    assert source.grade_id(cell) == "open-question"
    assert (cell.source, source.points(cell)) == (ANSWER, float(row[2]))
    before = released.cells[: released.cells.index(cell)]
    statement = next(other.source for other in reversed(before) if other.source.startswith("## "))
    assert re.match(r"## \d+\. Open question: .+", statement)
    kind, minutes, points = row
    assert f"**{kind}** · {minutes} minutes · {points} points, read by a person" in statement.splitlines()
    (model,) = source.graded(solution, "question")
    assert re.search(r"^\| *points? *\|", model.source, re.MULTILINE), "the model answer needs a rubric, as a table"


def test_totals_in_the_text(parts, released):
    first = released.cells[0].source
    checked = sum(part.points for part in parts)
    assert checked == 20
    points = f"{checked + sum(map(source.points, source.graded(released, 'question'))):g}"
    minutes = sum(int(n) for n in re.findall(r"^\| \d+ \|.*?\| (\d+) \| \d* ?\|$", first, re.MULTILINE))
    together = re.search(r"\| \*\*together\*\* \| \| \*\*(\d+)\*\* \| \*\*(\d+)\*\* \|", first)
    assert together.groups() == (str(minutes), points)
    assert 40 <= minutes <= 120


def test_the_solution_earns_full_marks(exercise, parts, tmp_path):
    """The instructor's notebook, handed in as it is."""
    (tmp_path / "nbgrader_config.py").write_bytes((ROOT / "nbgrader_config.py").read_bytes())
    course = Course(tmp_path)
    text = COURSE.file("source", exercise).read_text(encoding="utf-8")
    for path in (course.file("source", exercise), course.file("submitted", exercise, "instructor")):
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    (result,) = autograde(course, quiet=True)
    assert (result.status, result.reason) == (GRADED, "")
    assert result.score == sum(part.points for part in parts)
    assert result.waiting == sum(map(source.points, source.graded(source.read(COURSE, exercise)[0], "question")))
    assert result.max_score == result.score + result.waiting
    assert {test.outcome for test in result.tests} == {"passed"}
    cells = store.load(course, exercise, "instructor").cells
    assert [cell.id for cell in cells if cell.status not in ("ok", "not run")] == []


def test_the_release_runs_from_top_to_bottom(exercise, parts, tmp_path):
    """With nothing written, only the checks fail; the cells between say kindly what is missing."""
    (tmp_path / "nbgrader_config.py").write_bytes((ROOT / "nbgrader_config.py").read_bytes())
    course = Course(tmp_path)
    for step, student in (("source", "."), ("release", ".")):
        path = course.file(step, exercise, student)
        path.parent.mkdir(parents=True)
        path.write_bytes(COURSE.file(step, exercise).read_bytes())
    handed_in = course.file("submitted", exercise, "untouched")
    handed_in.parent.mkdir(parents=True)
    handed_in.write_bytes(COURSE.file("release", exercise).read_bytes())
    (result,) = autograde(course, quiet=True)
    assert (result.status, result.score) == (GRADED, 0)
    assert {test.outcome for test in result.tests} == {"unwritten"}
    nb = nbformat.read(course.file("release", exercise), as_version=4)
    NotebookClient(nb, timeout=120, allow_errors=True, resources={"metadata": {"path": str(tmp_path)}}).execute()
    failed = [
        source.grade_id(cell) or cell.id
        for cell in nb.cells
        for output in cell.get("outputs", ())
        if output.output_type == "error"
    ]
    assert failed == [part.test for part in parts]
