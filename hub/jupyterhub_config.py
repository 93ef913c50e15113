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
c.Authenticator.allowed_users = {*students, *instructors}
c.Spawner.cmd = [str(VENV / "bin" / "jupyterhub-singleuser")]
c.Spawner.default_url = "/lab"
c.Spawner.environment = {"OMP_NUM_THREADS": "1"}  # small nets run slower on more threads

# nbgrader finds the course by the names of these groups.
c.JupyterHub.load_groups = {
    f"formgrade-{COURSE}": {"users": instructors},
    f"nbgrader-{COURSE}": {"users": students},
}
see_the_course = ["list:services", f"read:services!service={COURSE}"]
c.JupyterHub.load_roles = [
    {
        "name": f"formgrade-{COURSE}",
        "groups": [f"formgrade-{COURSE}"],
        "scopes": [f"access:services!service={COURSE}", *see_the_course],
    },
    {"name": f"nbgrader-{COURSE}", "groups": [f"nbgrader-{COURSE}"], "scopes": see_the_course},
    # nbgrader's list of courses runs in a user's own server, and asks with that user's rights.
    {"name": "server", "scopes": ["inherit"]},
]
# The instructors' shared server, with nbgrader's formgrader in it and a terminal for `python -m grading`.
c.JupyterHub.services = [
    {
        "name": COURSE,
        "url": "http://127.0.0.1:9999",
        "command": [str(VENV / "bin" / "jupyterhub-singleuser")],
        "user": GRADER,
        "cwd": COURSE_FOLDER,
        "environment": {"JUPYTERHUB_DEFAULT_URL": "/lab"},
        "oauth_no_confirm": True,
    }
]
