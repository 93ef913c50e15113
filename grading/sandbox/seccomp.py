"""System calls that no notebook needs, and that could reach another process, hide memory or leave something behind.

bubblewrap puts this filter of the kernel (seccomp) before everything that runs inside, and starts nothing where it
cannot: a machine whose calls are not known here gets no sandbox, not a weaker one.

Why it is written by hand: the library that could write it, libseccomp, is a program of the system that would have to be
there on every machine that marks, and what it would write is these few lines; they are tried by a small machine of the
tests, and on the kernel. Why it lists what is refused and not what is allowed: NumPy, torch and Python change what they
ask of the kernel with each version, and a call that is missing from a list of allowed ones costs honest work.
"""

import platform
import struct

# Numbers of the calls on x86-64 and on 64-bit ARM; None: there is no such call.
REFUSED: dict[str, tuple[int, int | None]] = {
    # into other processes
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "process_mrelease": (448, 448),
    "pidfd_getfd": (438, 438),
    "kcmp": (312, 272),
    "migrate_pages": (256, 238),
    "move_pages": (279, 239),
    # their turn on the processor
    "setpriority": (141, 140),
    "sched_setparam": (142, 118),
    "sched_setscheduler": (144, 119),
    "sched_setattr": (314, 274),
    "ioprio_set": (251, 30),
    # memory that no process is seen to hold
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    # what outlives a process
    "shmget": (29, 194),
    "semget": (64, 190),
    "msgget": (68, 186),
    "mq_open": (240, 180),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    # what others do with files that are seen here, too, and what the kernel says of the machine
    "inotify_init": (253, None),
    "inotify_init1": (294, 26),
    "fanotify_init": (300, 262),
    "preadv2": (327, 286),  # tells whether somebody has read a file, which a read by itself hides
    "pwritev2": (328, 287),
    "cachestat": (451, 451),
    "mincore": (27, 232),  # the same, where the files belong to whoever marks
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "syslog": (103, 116),
    # other name spaces and mounts
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "move_mount": (429, 429),
    "open_tree": (428, 428),
    "open_tree_attr": (467, 467),
    "mount_setattr": (442, 442),
    # marks on a folder that nothing sets back
    "file_setattr": (469, 469),
    # large parts of the kernel that have had many faults, or hold what all its users share
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_setup": (206, 0),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "modify_ldt": (154, None),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
}
OF_OTHERS = {"prlimit64": (302, 261), "sched_setaffinity": (203, 122)}  # fail for another process than one's own
CLONE, CLONE3 = (56, 220), 435
NEW_SPACES = 0x7E020000  # the flags of clone that ask for name spaces
SOCKETS = {"socket": (41, 198), "socketpair": (53, 199)}
FAMILIES = (1, 2, 10)  # AF_UNIX, AF_INET, AF_INET6: all others may lie outside the sandbox's own network
# Locks tell others of them, also outside, when they are on a file that is seen there. Who asks for one is told that it
# was granted, and nobody else hears of it: a notebook has nobody to share a file with.
FLOCK, FCNTL = (73, 32), (72, 25)
LOCKS = (5, 6, 7, 36, 37, 38)  # F_GETLK, F_SETLK, F_SETLKW, and the same for open files
NOTICES = (1024, 1026, 1036, 1038)  # F_SETLEASE, F_NOTIFY; F_SET_RW_HINT and its like: a mark that stays on a file
IOCTL, MARKS = (16, 29), (0x40086602, 0x401C5820)  # FS_IOC_SETFLAGS, FS_IOC_FSSETXATTR: marks that stay, too
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, MACHINE, ARGUMENTS = 0, 4, (16, 24)  # where a filter finds these; of the arguments the lower half
ALLOW, KILL = 0x7FFF0000, 0x80000000
GRANTED, NOT_PERMITTED, NO_SUCH_CALL, NO_SUCH_FAMILY = (0x00050000 + errno for errno in (0, 1, 38, 97))

Step = tuple[int, int, int, int]  # code, where to go on if so and if not, and a number


def program(machine: str) -> bytes:
    """Write the filter for a machine.

    Raises:
        ValueError: where its numbers are not known.
    """
    if machine not in MACHINES:
        raise ValueError(f"the filter of system calls knows {' and '.join(MACHINES)}, and this is {machine}")
    column, code = MACHINES[machine]
    steps = [(LOAD, 0, 0, MACHINE), (EQUAL, 1, 0, code), (RETURN, 0, 0, KILL), (LOAD, 0, 0, NUMBER)]
    if machine == "x86_64":  # the same calls once more, for programs with short addresses
        steps += [(AT_LEAST, 0, 1, 0x40000000), (RETURN, 0, 0, NOT_PERMITTED)]
    for numbers in REFUSED.values():
        if (number := numbers[column]) is not None:
            steps += _of(number, [(RETURN, 0, 0, NOT_PERMITTED)])
    # Its flags lie in memory, where no filter can look; without it, the library falls back on clone.
    steps += _of(CLONE3, [(RETURN, 0, 0, NO_SUCH_CALL)])
    spaces = [(LOAD, 0, 0, ARGUMENTS[0]), (ANY_BIT, 0, 1, NEW_SPACES), (RETURN, 0, 0, NOT_PERMITTED)]
    steps += _of(CLONE[column], [*spaces, (RETURN, 0, 0, ALLOW)])
    for numbers in OF_OTHERS.values():
        steps += _of(numbers[column], _where(0, {(0,): ALLOW}, NOT_PERMITTED))
    for numbers in SOCKETS.values():
        steps += _of(numbers[column], _where(0, {FAMILIES: ALLOW}, NO_SUCH_FAMILY))
    steps += _of(FLOCK[column], [(RETURN, 0, 0, GRANTED)])
    steps += _of(FCNTL[column], _where(1, {LOCKS: GRANTED, NOTICES: NOT_PERMITTED}, ALLOW))
    steps += _of(IOCTL[column], _where(1, {MARKS: NOT_PERMITTED}, ALLOW))
    return b"".join(struct.pack("=HBBI", *step) for step in [*steps, (RETURN, 0, 0, ALLOW)])


def _of(number: int, steps: list[Step]) -> list[Step]:
    """Take these steps for one call; they end in an answer."""
    return [(EQUAL, 0, len(steps), number), *steps]


def _where(place: int, answers: dict[tuple[int, ...], int], otherwise: int) -> list[Step]:
    """Answer by the value of an argument."""
    steps: list[Step] = [(LOAD, 0, 0, ARGUMENTS[place])]
    for values, answer in answers.items():
        for value in values:
            steps += [(EQUAL, 0, 1, value), (RETURN, 0, 0, answer)]
    return [*steps, (RETURN, 0, 0, otherwise)]


def here() -> bytes:
    """Write the filter for this machine.

    Raises:
        ValueError: where its numbers are not known.
    """
    return program(platform.machine())
