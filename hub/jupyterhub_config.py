"""A JupyterHub for this course on one machine: students fetch and submit, instructors grade in a server they share.

Start it as root in this folder: jupyterhub -f jupyterhub_config.py. What it needs before is in the book, "Grading".
Beside it lie students.txt and instructors.txt, with one user's name in each line; each is a user of the machine, too.
"""

from pathlib import Path

COURSE = "rnn"  # as in nbgrader_config.py
VENV = Path("/srv/rnn/.venv")  # made there by `make setup`; readable by all
GRADER = f"grader-{COURSE}"  # a user of the machine whom nobody logs in as
COURSE_FOLDER = f"/home/{GRADER}/{COURSE}"  # the course with its solutions; readable by the grader alone


def names(file):
    """Read the users' names of a file; a line that begins with # is a remark."""
    lines = (line.strip() for line in Path(__file__).with_name(file).read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


students, instructors = names("students.txt"), names("instructors.txt")

c = get_config()  # noqa: F821

# A web server in front of it speaks HTTPS with the outside.
c.JupyterHub.bind_url = "http://127.0.0.1:8000"
c.ConfigurableHTTPProxy.command = [str(VENV / "bin" / "python"), str(Path(__file__).with_name("proxy.py"))]
c.Authenticator.allowed_users = {*students, *instructors}
c.Spawner.cmd = [str(VENV / "bin" / "jupyterhub-singleuser")]
c.Spawner.default_url = "/lab"
c.Spawner.start_timeout = c.Spawner.http_timeout = 300  # seconds: a whole class may start at the same minute
c.Spawner.environment = {"OMP_NUM_THREADS": "1"}  # small nets run slower on more threads

GRADERS = f"formgrade-{COURSE}"
c.JupyterHub.load_groups = {GRADERS: {"users": instructors}}
c.JupyterHub.load_roles = [{"name": GRADERS, "groups": [GRADERS], "scopes": [f"access:services!service={COURSE}"]}]
# The instructors' shared server: nbgrader's formgrader at its own address, and JupyterLab at /services/rnn/lab, whose
# terminal is for `python -m grading`. Formgrader does not open inside of JupyterLab, which would show it in a frame:
# JupyterHub forbids frames, so that no page of a student's can hold an instructor's.
c.JupyterHub.services = [
    {
        "name": COURSE,
        "url": "http://127.0.0.1:9999",
        "command": [str(VENV / "bin" / "jupyterhub-singleuser")],
        "user": GRADER,
        "cwd": COURSE_FOLDER,
        "environment": {"JUPYTERHUB_DEFAULT_URL": "/formgrader", "OMP_NUM_THREADS": "1"},
        "oauth_no_confirm": True,
        "timeout": 300,  # seconds that the hub waits for it; after that the hub itself would end
    }
]
