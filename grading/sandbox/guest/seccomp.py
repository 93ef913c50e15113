"""System calls that no notebook needs, and that could reach another process or leave something behind: they fail.

A filter of the kernel (seccomp) for one process and all that it starts. It lies inside the sandbox: bubblewrap keeps a
student's code from the machine, and this keeps it from the process that starts the next student's.
"""

import ctypes
import platform
import struct

# Numbers of the calls on x86-64 and on 64-bit ARM.
REFUSED = {
    # into other processes
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
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
    # what outlives a process
    "shmget": (29, 194),
    "semget": (64, 190),
    "msgget": (68, 186),
    "mq_open": (240, 180),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    # other name spaces and mounts
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "fsopen": (430, 430),
    "fsmount": (432, 432),
    "move_mount": (429, 429),
    "open_tree": (428, 428),
    "mount_setattr": (442, 442),
    "open_by_handle_at": (304, 265),
    # large parts of the kernel that have had many faults
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
}
OF_OTHERS = {"prlimit64": (302, 261), "sched_setaffinity": (203, 122)}  # fail for another process than one's own
CLONE, CLONE3 = (56, 220), 435
NEW_SPACES = 0x7E020000  # the flags of clone that ask for name spaces
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, MACHINE, FIRST_ARGUMENT = 0, 4, 16  # where a filter finds these
ALLOW, KILL, NOT_PERMITTED, NO_SUCH_CALL = 0x7FFF0000, 0x80000000, 0x00050001, 0x00050026


def program(machine: str) -> bytes:
    """Write the filter for a machine; empty where its numbers are not known."""
    if machine not in MACHINES:
        return b""
    column, code = MACHINES[machine]
    steps = [(LOAD, 0, 0, MACHINE), (EQUAL, 1, 0, code), (RETURN, 0, 0, KILL), (LOAD, 0, 0, NUMBER)]
    if machine == "x86_64":  # the same calls once more, for programs with short addresses
        steps += [(AT_LEAST, 0, 1, 0x40000000), (RETURN, 0, 0, NOT_PERMITTED)]
    for numbers in REFUSED.values():
        steps += [(EQUAL, 0, 1, numbers[column]), (RETURN, 0, 0, NOT_PERMITTED)]
    # Its flags lie in memory, where no filter can look; without it, the library falls back on clone.
    steps += [(EQUAL, 0, 1, CLONE3), (RETURN, 0, 0, NO_SUCH_CALL)]
    steps += [(EQUAL, 0, 4, CLONE[column]), (LOAD, 0, 0, FIRST_ARGUMENT), (ANY_BIT, 0, 1, NEW_SPACES)]
    steps += [(RETURN, 0, 0, NOT_PERMITTED), (RETURN, 0, 0, ALLOW)]
    for numbers in OF_OTHERS.values():
        steps += [(EQUAL, 0, 4, numbers[column]), (LOAD, 0, 0, FIRST_ARGUMENT), (EQUAL, 1, 0, 0)]
        steps += [(RETURN, 0, 0, NOT_PERMITTED), (RETURN, 0, 0, ALLOW)]
    return b"".join(struct.pack("=HBBI", *step) for step in [*steps, (RETURN, 0, 0, ALLOW)])


def install() -> bool:
    """Put the filter before this process, for good; say whether there is one."""
    text = program(platform.machine())
    memory = ctypes.create_string_buffer(text)
    filter_ = ctypes.create_string_buffer(struct.pack("@HP", len(text) // 8, ctypes.addressof(memory)))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    words = [ctypes.c_ulong] * 4
    prctl.argtypes = [ctypes.c_int, *words]
    # PR_SET_NO_NEW_PRIVS, then PR_SET_SECCOMP with a filter
    return bool(text) and prctl(38, 1, 0, 0, 0) == 0 and prctl(22, 2, ctypes.addressof(filter_), 0, 0) == 0
