"""Attempts to reach what lies outside through what the kernel shares (cause D: walls that were open)."""

from tests.grading.adversarial.paper import ALL, add, collector, released

OUTSIDE, hand_in = collector(released, cause="D")
NOTHING = {"lost": ALL}


@hand_in(
    "sockets of families that no network of its own holds: to the machine's host, its kernel, its devices", **NOTHING
)
def socket_families(nb):
    add(nb, """
        import socket
        for family in range(46):
            for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
                for make in (socket.socket, socket.socketpair):
                    try:
                        make(family, kind)
                    except (OSError, ValueError):
                        continue
                    if family not in (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6):
                        print("reached family", family)
        """)  # fmt: skip


@hand_in("locks on files that others see, too", **NOTHING)
def locks(nb):
    add(nb, """
        import fcntl, os, struct
        place = os.__file__
        one, other = open(place), open(place)
        fcntl.flock(one, fcntl.LOCK_EX)
        try:
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            print("reached a lock that others see")
        lock = struct.pack("hhqqi4x", fcntl.F_RDLCK, 0, 0, 0, 0)
        if os.fork() == 0:
            fcntl.fcntl(one, fcntl.F_SETLK, lock)
            os.execvp("sleep", ["sleep", "2"]) if os.fork() == 0 else os.wait()
            os._exit(0)
        for command in (36, 37):  # of open files, not of processes
            asked = struct.pack("hhqqi4x", fcntl.F_RDLCK if command == 37 else fcntl.F_WRLCK, 0, 0, 0, 0)
            try:
                told = fcntl.fcntl(one if command == 37 else other, command, asked)
                if command == 36 and struct.unpack("hhqqi4x", told)[4] not in (0,):
                    print("reached a lock of", struct.unpack("hhqqi4x", told))
            except OSError:
                pass
        """)  # fmt: skip


@hand_in("watches who opens the files of the system", **NOTHING)
def watches(nb):
    add(nb, """
        import ctypes, os
        libc = ctypes.CDLL(None)
        watch = libc.inotify_init1(0)
        if watch >= 0 and libc.inotify_add_watch(watch, os.path.dirname(os.__file__).encode(), 0x20) >= 0:
            print("reached the notices of opened files")
        """)  # fmt: skip


@hand_in("asks which pages of the system's files somebody has read", **NOTHING)
def page_cache(nb):
    add(nb, """
        import os
        with open(os.__file__, "rb") as file:
            try:
                os.preadv(file.fileno(), [bytearray(4096)], 0, os.RWF_NOWAIT)
                print("reached the cache")
            except BlockingIOError:
                print("reached the cache, which is empty")
            except OSError:
                pass
        """)  # fmt: skip


@hand_in("looks where others keep things below /usr: an exchange, sources, games", **NOTHING)
def below_usr(nb):
    add(nb, """
        import os
        for place in ("/usr/local/share", "/usr/local/src", "/usr/local/games", "/usr/local/etc", "/usr/src",
                      "/usr/games", "/usr/include", "/usr/share/doc", "/usr/share/nbgrader", "/srv", "/opt", "/home"):
            if os.path.exists(place):
                print("reached", place)
        """)  # fmt: skip


@hand_in("asks the kernel for the machine's name, how it was started, and what it has logged", **NOTHING)
def of_the_machine(nb):
    add(nb, """
        import ctypes, os
        if os.uname().nodename != "notebook":
            print("reached the name", os.uname().nodename)
        for name in ("cmdline", "modules", "keys", "partitions", "kallsyms", "timer_list", "diskstats"):
            try:
                if open("/proc/" + name).read().strip():
                    print("reached", name)
            except OSError:
                pass
        if ctypes.CDLL(None).klogctl(10, None, 0) >= 0:
            print("reached the kernel's log")
        """)  # fmt: skip


@hand_in("numbers of files in place of their names, contexts that the whole machine shares", **NOTHING)
def shared_by_all(nb):
    add(nb, """
        import ctypes, os, platform
        libc = ctypes.CDLL(None, use_errno=True)
        context = ctypes.c_ulong(0)
        if libc.syscall(206 if platform.machine() == "x86_64" else 0, 4000, ctypes.byref(context)) == 0:
            print("reached a share of the machine's input and output")
        handle = ctypes.create_string_buffer(b"\\x80\\0\\0\\0", 200)
        if libc.name_to_handle_at(-100, b"/usr", handle, ctypes.byref(ctypes.c_int()), 0) == 0:
            print("reached the number of a file")
        """)  # fmt: skip


@hand_in("asks which pages of a file it may have of its own are in memory, and leaves marks on files", **NOTHING)
def marks_on_files(nb):
    add(nb, """
        import ctypes, os, platform
        libc = ctypes.CDLL(None)
        libc.mmap.restype = ctypes.c_void_p
        libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *3 * [ctypes.c_int], ctypes.c_long]
        libc.mincore.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p]
        file = os.open(os.__file__, os.O_RDONLY)
        if libc.mincore(libc.mmap(None, 4096, 1, 2, file, 0), 4096, ctypes.create_string_buffer(1)) == 0:
            print("reached the pages of a file")
        own = os.open("own", os.O_CREAT | os.O_RDWR)
        if libc.fcntl(own, 1036, ctypes.byref(ctypes.c_uint64(3))) == 0:
            print("reached a hint that stays on a file")
        if libc.ioctl(own, 0x40086602, ctypes.byref(ctypes.c_long(0x40))) == 0:
            print("reached a mark that stays on a file")
        """)  # fmt: skip
