"""nbgrader's exchange with hub/nbgrader_config.py: an instructor and two students, from the release to the feedback."""

import csv
import stat
from pathlib import Path

import nbformat
import pytest
from nbgrader.auth import Authenticator
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange import default as exchange
from traitlets.config import PyFileConfigLoader

from grading.demo import answers
from grading.release import solution
from grading.release.release import release
from tests.grading.conftest import EXERCISE, ROOT, make_course, run

HUB = ROOT / "hub"


class Person:
    """Somebody with a home folder on the hub, who types nbgrader's commands in it."""

    def __init__(self, root, name="", config=None):
        self.home = root / name
        self.home.mkdir(exist_ok=True)
        self.name = name
        self.config = config or PyFileConfigLoader("nbgrader_config.py", path=str(HUB)).load_config()
        self.config.Exchange.root = str(root / "exchange")
        self.config.Exchange.cache = str(self.home / "cache")
        self.config.Exchange.assignment_dir = str(self.home)

    def does(self, what, **settings):
        """Run one of the exchange's commands, such as ``Submit``."""
        directory = CourseDirectory(root=str(self.home), config=self.config, assignment_id=EXERCISE)
        if self.name:
            directory.student_id = self.name
        command = getattr(exchange, f"Exchange{what}")
        command(
            coursedir=directory, authenticator=Authenticator(config=self.config), config=self.config, **settings
        ).start()

    def solves(self, functions):
        """Write the right answers to these functions into the notebook in the home folder."""
        path = self.home / EXERCISE / f"{EXERCISE}.ipynb"
        path.chmod(0o644)
        nb = nbformat.read(path, as_version=4)
        for cell in solution.graded(nb, "solution"):
            if solution.grade_id(cell) in functions:
                cell.source = answers.right(functions[solution.grade_id(cell)])
        nbformat.write(nb, path)


@pytest.fixture(scope="module")
def solutions():
    """The course's own answers: dict from function to source."""
    nb = nbformat.read(ROOT / "solutions" / EXERCISE / f"{EXERCISE}.ipynb", as_version=4)
    return {solution.grade_id(cell): cell.source for cell in solution.graded(nb, "solution")}


@pytest.mark.promise("L5")
def test_there_and_back(tmp_path, solutions, parts):
    (tmp_path / "exchange").mkdir()
    (tmp_path / "exchange").chmod(0o777)
    course = make_course(tmp_path / "grader", short=True)
    instructor = Person(tmp_path / "grader", config=course.config)
    instructor.config.Exchange.root = str(tmp_path / "exchange")
    release(course)
    instructor.does("ReleaseAssignment")
    assert stat.S_IMODE((tmp_path / "exchange" / "rnn" / "inbound").stat().st_mode) & 0o777 == 0o733  # write, not list

    ada, emmy = (Person(tmp_path, name) for name in ("ada", "emmy"))
    for student in (ada, emmy):
        student.does("FetchAssignment")
        assert "BEGIN SOLUTION" not in (student.home / EXERCISE / f"{EXERCISE}.ipynb").read_text()
    ada.solves(solutions)
    emmy.solves({"one_hot": solutions["one_hot"]})
    ada.does("Submit")
    emmy.does("Submit")
    emmy.solves({"softmax": solutions["softmax"]})
    emmy.does("Submit")  # a second time, which is the one that counts

    instructor.does("Collect", check_owner=False)
    done = run(course, "grade", EXERCISE)
    assert done.code == 0, done.text
    with (course.root / "reports" / "grades.csv").open(newline="") as file:
        scores = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    worth = {part.problem.function_name: part.points for part in parts}
    assert scores == {"ada": sum(worth.values()), "emmy": worth["one_hot"] + worth["softmax"]}

    instructor.does("ReleaseFeedback")
    for student in (ada, emmy):
        student.does("FetchFeedback")
        pages = list((student.home / EXERCISE / "feedback").rglob("*.html"))
        assert [page.name for page in pages] == [f"{EXERCISE}.html"]
        assert (course.file("feedback", EXERCISE, student.name).with_suffix(".html")).read_text() == pages[
            0
        ].read_text()

    ada.does("Submit")  # once more: what is collected again is marked again, and only that
    instructor.does("Collect", check_owner=False, update=True)
    assert run(course, "grade", EXERCISE).code == 0


def test_instructors_alone_may_open_the_course(tmp_path):
    """What the file says; tests/hub runs it."""
    for file, names in {"students.txt": "ada\n# a remark\n\nemmy\n", "instructors.txt": "grace\n"}.items():
        (tmp_path / file).write_text(names)
    (tmp_path / "jupyterhub_config.py").write_bytes((HUB / "jupyterhub_config.py").read_bytes())
    hub = PyFileConfigLoader("jupyterhub_config.py", path=str(tmp_path)).load_config()
    course = PyFileConfigLoader("nbgrader_config.py", path=str(HUB)).load_config().CourseDirectory.course_id
    ours = PyFileConfigLoader("nbgrader_config.py", path=str(ROOT)).load_config().CourseDirectory.course_id
    (service,) = hub.JupyterHub.services
    assert service["name"] == course == ours == Path(service["cwd"]).name
    assert hub.Authenticator.allowed_users == {"ada", "emmy", "grace"}
    (role,) = hub.JupyterHub.load_roles
    assert role["scopes"] == [f"access:services!service={course}"]
    assert [hub.JupyterHub.load_groups[group]["users"] for group in role["groups"]] == [["grace"]]
