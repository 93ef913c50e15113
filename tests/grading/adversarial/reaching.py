"""Attempts to reach beyond the sandbox: files, the network, other processes, other rights."""

from tests.grading.adversarial.paper import ALL, add, collector, released

REACHING, hand_in = collector(released)
NOTHING = {"lost": ALL}
ANY = {"lost": ALL, "status": ("graded", "died", "timed out")}


@hand_in("a numpy.py, a json.py and a sitecustomize.py beside itself, and on every path it can write", **NOTHING)
def modules_beside(nb):
    add(nb, """
        import os, site, sys
        for folder in [*sys.path, os.getcwd(), "/tmp", os.path.dirname(np.__file__), site.getusersitepackages()]:
            for name in ("numpy", "json", "sitecustomize", "usercustomize", "grading", "rnnlib"):
                try:
                    os.makedirs(folder, exist_ok=True)
                    with open(os.path.join(folder or ".", name + ".py"), "w") as file:
                        file.write("allclose = lambda *a, **k: True")
                except OSError:
                    pass
        """)  # fmt: skip


@hand_in("edits the gradebook, the verdicts, the checks, wherever it finds them", **ANY)
def edits_the_gradebook(nb):
    add(nb, """
        import glob, os, sqlite3, sys
        found = []
        for root in ["/", "/work", "/home", "/root", "/box", "/mnt", *sys.path]:
            for pattern in ("*/gradebook.db", "gradebook.db", "*/verdicts/*/*.json", "verdicts/*/*.json"):
                found += glob.glob(os.path.join(root, pattern))
        for path in found:
            print("reached", path)
        try:
            import rnnlib
            open(rnnlib.__file__, "a").close()
            print("reached", rnnlib.__file__)
        except OSError:
            pass
        """)  # fmt: skip


@hand_in("asks the network for the answers", **NOTHING)
def network(nb):
    add(nb, """
        import socket
        for family, address in [
            (socket.AF_INET, ("1.1.1.1", 53)), (socket.AF_INET, ("127.0.0.1", 22)), (socket.AF_INET6, ("::1", 22)),
            (socket.AF_UNIX, "\\0dbus"), (socket.AF_UNIX, "/run/dbus"),
        ]:
            try:
                with socket.socket(family, socket.SOCK_STREAM) as line:
                    line.settimeout(0.2)
                    line.connect(address)
                    print("reached", address)
            except OSError:
                pass
        try:
            with socket.create_server(("127.0.0.1", 0)) as server:
                print("listening")
        except OSError:
            pass
        """)  # fmt: skip


@hand_in("writes into the processes beside it, through ptrace and /proc/PID/mem", **NOTHING)
def ptrace(nb):
    add(nb, """
        import ctypes, os
        libc = ctypes.CDLL(None, use_errno=True)
        for process in (int(p) for p in os.listdir("/proc") if p.isdigit() and int(p) != os.getpid()):
            if libc.ptrace(16, process, 0, 0) == 0:
                print("reached", process)
            try:
                open(f"/proc/{process}/mem", "r+b").close()
                print("reached the memory of", process)
            except OSError:
                pass
        """)  # fmt: skip


@hand_in("becomes somebody else: set-user-id programs, new namespaces, mounts", **NOTHING)
def becomes_root(nb):
    add(nb, """
        import ctypes, os, subprocess
        libc = ctypes.CDLL(None, use_errno=True)
        for flag in (0x10000000, 0x00020000, 0x40000000):
            if os.fork() == 0:
                if libc.unshare(flag) == 0:
                    print("reached a namespace", hex(flag), flush=True)
                os._exit(0)
            os.wait()
        for call in (os.setuid, os.setgid):
            try:
                call(0)
                print("reached", call)
            except OSError:
                pass
        for command in (["su", "-c", "id"], ["sudo", "-n", "id"], ["mount", "-t", "tmpfs", "x", "/tmp"]):
            try:
                done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=2)
                if done.returncode == 0:
                    print("reached", command)
            except (OSError, subprocess.SubprocessError):
                pass
        """)  # fmt: skip
