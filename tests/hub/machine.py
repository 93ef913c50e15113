"""A machine for a hub: users, home folders and /etc of its own, on top of this machine's programs, which are read-only.

It is made of bubblewrap's namespaces by root. Nothing of it is left when it stops, and it stops with the tests.
"""

import importlib.util
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from grading.sandbox import program
from tests.site.conftest import ROOT

HERE = Path(__file__).parent
RECIPE = re.compile(r"\*\*JupyterHub\.\*\*.*?```text\n(.*?)```", re.S)
COVERED = ("/root", "/home", "/srv", "/run", "/var", "/usr/local/share")  # empty there, and forgotten
# All that differs from the shipped jupyterhub_config.py. The spawner is the shipped one, which starts each server as
# the user of the machine who logged in.
REPLACED = """\
load_subconfig("jupyterhub_config.py")
c = get_config()
c.JupyterHub.authenticator_class = "shared-password"  # in place of PAM, whose users have passwords
c.SharedPasswordAuthenticator.user_password = "{password}"
# The shipped ports may be in use on this machine.
c.JupyterHub.bind_url = "{hub}"
c.JupyterHub.hub_bind_url = "{api}"
c.ConfigurableHTTPProxy.api_url = "{proxy}"
c.JupyterHub.services[0]["url"] = "{course}"
"""
AS_ROOT = [] if os.geteuid() == 0 else ["sudo", "-n"]


def lacks():
    """Say what this machine lacks for a hub, or nothing."""
    if not sys.platform.startswith("linux"):
        return "The hub runs on Linux only."
    if program.sandbox_program() is None:
        return "There is no bubblewrap on this machine."
    for name in ("useradd", *AS_ROOT[:1]):
        if shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin") is None:
            return f"There is no {name} on this machine."
    for package in ("jupyterhub", "configurable_http_proxy"):
        if importlib.util.find_spec(package) is None:
            return f"{package} is not installed (pip install -e '.[hub]')."
    tried = subprocess.run([*AS_ROOT, *wall(), "true"], capture_output=True, text=True)
    if tried.returncode:
        return f"The hub needs root, to start servers as other users: {tried.stderr.strip()}"
    return ""


def wall(folder=ROOT):
    """The command that starts a program on the machine; `folder` is readable there."""
    command = [program.sandbox_program().path, "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]
    command += ["--perms", "1777", "--tmpfs", "/tmp", "--ro-bind", "/etc", "/tmp/etc", "--tmpfs", "/etc"]
    for path in COVERED:
        command += ["--perms", "0755", "--tmpfs", path]
    command += ["--dir", "/srv/hub", "--dir", "/var/mail"]
    for path in (Path(sys.base_prefix), ROOT, folder):
        command += [*_open(path), "--ro-bind", str(path), str(path)]
    command += ["--ro-bind", str(ROOT), "/srv/rnn"]
    command += ["--unshare-pid", "--unshare-ipc", "--unshare-uts", "--die-with-parent", "--cap-add", "ALL"]
    return [*command, "--clearenv", "--setenv", "PATH", "/usr/sbin:/usr/bin:/sbin:/bin", "--setenv", "LANG", "C.UTF-8"]


def _open(path):
    """Folders on the way to a path that everybody may enter, in place of the covered ones."""
    above = [str(folder) for folder in reversed(path.parents)]
    shown = [folder for folder in above if folder.startswith(tuple(f"{covered}/" for covered in (*COVERED, "/tmp")))]
    return [word for folder in shown for word in ("--perms", "0755", "--dir", folder)]


class Machine:
    """A running hub.

    Attributes:
        url: where it answers.
        password: everybody's.
        log: the file of what the hub and all servers say.
    """

    def __init__(self, folder, course, students, instructors):
        self.password = secrets.token_hex(16)
        self.log = folder / "log.txt"
        page = (ROOT / "book" / "grading.md").read_text(encoding="utf-8")
        recipe = RECIPE.search(page)[1].replace("sudo ", "").splitlines()
        inside = folder / "inside"
        inside.mkdir()
        (inside / "recipe.sh").write_text("\n".join(recipe[:-1]))  # the last line starts the hub
        (inside / "students.txt").write_text("".join(f"{name}\n" for name in students))
        (inside / "instructors.txt").write_text("".join(f"{name}\n" for name in instructors))
        ports = dict(zip(("hub", "api", "proxy", "course"), free_ports(4)))
        places = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
        (inside / "replaced.py").write_text(REPLACED.format(password=self.password, **places))
        shutil.copytree(course, inside / "course")
        self.url = places["hub"]
        with self.log.open("w") as log:
            self._process = subprocess.Popen(
                [*AS_ROOT, *wall(inside), "bash", str(HERE / "machine.sh"), str(ROOT), str(inside)],
                stdin=subprocess.PIPE, stdout=log, stderr=log,
            )  # fmt: skip

    def wait(self, seconds=300):
        """Wait until the hub and the course's server answer."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self._process.poll() is None:
            if self._answers("/hub/api") and self._answers("/services/rnn/api/status", but=403):
                return
            time.sleep(1)
        raise RuntimeError(f"The hub does not answer:\n{self.log.read_text()[-4000:]}")

    def _answers(self, path, but=200):
        try:
            with urllib.request.urlopen(self.url + path, timeout=5) as reply:
                return reply.status == 200
        except urllib.error.HTTPError as error:
            return error.code == but
        except OSError:
            return False

    def stop(self):
        """Stop it, and all that runs on it."""
        self._process.stdin.close()
        self._process.wait(60)


def free_ports(number):
    taken = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [one.getsockname()[1] for one in taken]
    for one in taken:
        one.close()
    return ports
