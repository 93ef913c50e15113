"""The release: the same bytes everywhere, nobody's work lost, faults named."""

import shutil

import nbformat
import pytest

from grading.course import UsageError
from grading.release import solution as source
from grading.release.preprocessors import ANSWER
from grading.release.release import release
from tests.grading.conftest import EXERCISE, make_course, run


@pytest.fixture
def released(course):
    assert release(course) == {EXERCISE: "released"}
    return course


def change(path, edit):
    """Edit a notebook in place."""
    nb = nbformat.read(path, as_version=4)
    edit(nb)
    nbformat.write(nb, path)


def test_twice_changes_nothing(released):
    path = released.file("release", EXERCISE)
    before = path.stat()
    assert release(released) == {EXERCISE: "in step"}
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert not (released.root / "gradebook.db").exists()


def test_a_copy_without_solutions_keeps_its_exercises(released):
    """What students may be given: the course without solutions/. Its `make` must not stop here."""
    shutil.rmtree(released.folder("source"))
    before = released.file("release", EXERCISE).read_bytes()
    assert release(released) == {EXERCISE: "as it came"}
    assert released.file("release", EXERCISE).read_bytes() == before
    with pytest.raises(UsageError, match="holds no exercise"):
        release(released, [EXERCISE])


def test_bytes_depend_on_nothing_but_what_the_cells_say(released, tmp_path_factory, monkeypatch):
    other = make_course(tmp_path_factory.mktemp("other"), short=True)

    def another_machine(nb):
        nb.metadata.kernelspec.display_name = "My Python (conda)"
        nb.metadata.language_info = {"name": "python", "version": "3.12.1"}
        nb.metadata.widgets = {}
        for cell in nb.cells:
            cell.metadata["execution"] = {"iopub.execute_input": "2024-01-01T00:00:00Z"}
            if cell.cell_type == "code":
                cell.execution_count = 7
                cell.outputs = [nbformat.v4.new_output("stream", text="an output")]

    change(other.file("source", EXERCISE), another_machine)
    for name in ("USER", "LOGNAME", "HOME"):
        monkeypatch.setenv(name, str(tmp_path_factory.mktemp("home")))
    release(other)
    assert other.file("release", EXERCISE).read_bytes() == released.file("release", EXERCISE).read_bytes()


def test_somebodys_work_is_kept(released):
    path = released.file("release", EXERCISE)

    def work(nb):
        nb.cells.append(nbformat.v4.new_markdown_cell("A note of mine.", id="mine"))

    change(path, work)
    mine = path.read_bytes()
    done = run(released, "release")
    assert done.code == 0 and "--again 02-forward" in done.text
    assert path.read_bytes() == mine

    assert run(released, "release", "--again").code == 0
    change(path, work)
    assert run(released, "release", "--again").code == 0
    assert path.with_suffix(".before-1.ipynb").read_bytes() == mine
    assert path.with_suffix(".before-2.ipynb").exists()
    assert b"A note of mine" not in path.read_bytes()


def test_a_new_solution_reaches_an_untouched_exercise(released):
    change(released.file("source", EXERCISE), lambda nb: nb.cells[0].update(source="# Another title"))
    path = released.file("release", EXERCISE)
    change(path, lambda nb: nb.cells[1].update(execution_count=1))  # run, but not written in
    assert release(released) == {EXERCISE: "released"}
    assert nbformat.read(path, as_version=4).cells[0].source == "# Another title"


cells_of = source.graded


def test_of_an_open_question_only_the_place_for_the_answer_is_released(released):
    (cell,) = cells_of(nbformat.read(released.file("release", EXERCISE), as_version=4), "question")
    assert cell.source == ANSWER
    assert cell.metadata.nbgrader.points == 4 and not cell.metadata.nbgrader.locked
    assert cell.metadata.get("editable", True) and not cell.metadata.deletable
    text = released.file("release", EXERCISE).read_text()
    (solution,) = cells_of(nbformat.read(released.file("source", EXERCISE), as_version=4), "question")
    hidden = [line for line in solution.source.splitlines() if len(line) > 20]  # not the rulings of a table
    assert len(hidden) >= 3 and not any(line in text for line in hidden)


def no_points(nb):
    del cells_of(nb, "grade")[1].metadata.nbgrader["points"]
    return "check-rnn_step: a graded cell needs points above 0"


def same_name_twice(nb):
    cells_of(nb, "solution")[1].metadata.nbgrader.grade_id = "one_hot"
    return "one_hot: the grade_id occurs 2 times"


def unknown_problem(nb):
    cell = cells_of(nb, "grade")[1]
    cell.source = cell.source.replace("forward.rnn_step", "forward.rnn_stop")
    return "check-rnn_step: forward.rnn_stop is no problem of 02-forward"


def no_hidden_check(nb):
    cells_of(nb, "grade")[1].source = 'check("forward.rnn_step", rnn_step)'
    return "check-rnn_step: expected one '### BEGIN HIDDEN TESTS', got 0"


def open_region(nb):
    cell = cells_of(nb, "solution")[1]
    cell.source = cell.source.replace(source.END, "")
    return "rnn_step: '### BEGIN SOLUTION' and '### END SOLUTION' do not pair up"


def region_in_a_plain_cell(nb):
    nb.cells.append(nbformat.v4.new_code_cell(f"{source.BEGIN}\n1\n{source.END}", id="stray"))
    return "stray: '### BEGIN SOLUTION' in a cell that is not marked as solution"


def another_function(nb):
    cell = cells_of(nb, "solution")[1]
    cell.source = cell.source.replace("def rnn_step", "def rnn_stop")
    return "rnn_step: a solution cell defines the function it is named after"


def a_problem_left_out(nb):
    nb.cells.remove(cells_of(nb, "grade")[1])
    return "the notebook: no test cell checks forward.rnn_step"


def answer_outside_its_marks(nb):
    cell = cells_of(nb, "question")[0]
    cell.source = f"Four points.\n{cell.source}"
    return f"{source.grade_id(cell)}: the whole cell of an open question stands between"


def answer_without_marks(nb):
    cell = cells_of(nb, "question")[0]
    cell.source = "A model answer."
    return f"{source.grade_id(cell)}: expected one '<!-- BEGIN SOLUTION -->', got 0"


def answer_in_a_plain_text(nb):
    text = f"{source.BEGIN_ANSWER}\nA model answer.\n{source.END_ANSWER}"
    nb.cells.append(nbformat.v4.new_markdown_cell(text, id="stray"))
    return "stray: '<!-- BEGIN SOLUTION -->' in a cell that is not marked as question"


def answer_in_code(nb):
    cells_of(nb, "question")[0].cell_type = "code"
    cells_of(nb, "question")[0].update(outputs=[], execution_count=None)
    return "open-question: the answer to an open question is a text cell"


def broken_test(nb):
    cells_of(nb, "grade")[1].source += "\n("
    return "check-rnn_step: cannot be read"


@pytest.mark.parametrize(
    "fault",
    [
        no_points,
        same_name_twice,
        unknown_problem,
        no_hidden_check,
        open_region,
        region_in_a_plain_cell,
        another_function,
        a_problem_left_out,
        answer_outside_its_marks,
        answer_without_marks,
        answer_in_a_plain_text,
        answer_in_code,
        broken_test,
    ],
)
def test_a_fault_is_named_and_nothing_written(course, fault):
    expected = []
    change(course.file("source", EXERCISE), lambda nb: expected.append(fault(nb)))
    with pytest.raises(UsageError) as error:
        release(course)
    assert expected[0] in str(error.value)
    assert not (course.root / "exercises").exists()
