"""The offline lock: what it refuses, what it lets through, and its filter's logic on both processors."""

import platform
import struct
import subprocess
import sys
from collections.abc import Iterator

import pytest

from backend import network_lock
from backend.launch import REPOSITORY

HAS_FILTER = sys.platform == "linux" and platform.machine() in network_lock._MACHINES

LOCKED = """
import sys
sys.path.insert(0, sys.argv[1])
from backend.network_lock import lock_network
level = lock_network()
"""

IN_C = """
import ctypes, errno
libc = ctypes.CDLL(None, use_errno=True)
def attempt(family, kind, protocol=0):
    descriptor = libc.socket(family, kind, protocol)
    return "open" if descriptor >= 0 else errno.errorcode[ctypes.get_errno()]
"""


def locked(script: str, *arguments: str) -> str:
    """The output of `script` in a process that locked its network first, as a worker does."""
    done = subprocess.run(
        [sys.executable, "-c", LOCKED + script, str(REPOSITORY), *arguments],
        capture_output=True, text=True, timeout=60, check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def listening() -> Iterator[str]:
    """A port on the loopback that answers: a refusal is not mistaken for a missing network."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        yield str(server.getsockname()[1])


def test_without_the_lock_the_port_answers(listening: str) -> None:
    script = "import socket, sys; socket.create_connection(('127.0.0.1', int(sys.argv[1]))); print('connected')"
    done = subprocess.run([sys.executable, "-c", script, listening], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "connected"


@pytest.mark.skipif(not HAS_FILTER, reason="the filter is for Linux on x86-64 and aarch64")
def test_the_level_is_seccomp_here() -> None:
    assert locked("print(level)") == network_lock.SECCOMP


def test_python_is_refused(listening: str) -> None:
    script = """
import socket
for what in (lambda: socket.create_connection(("127.0.0.1", int(sys.argv[2])), 5),
             lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM),
             lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
             lambda: socket.socket(socket.AF_INET6, socket.SOCK_STREAM),
             lambda: socket.getaddrinfo("localhost", 80)):
    try:
        what()
        print("open")
    except PermissionError:
        print("refused")
"""
    assert locked(script, listening).split() == ["refused"] * 5


@pytest.mark.skipif(not HAS_FILTER, reason="the filter is for Linux on x86-64 and aarch64")
def test_c_code_is_refused_by_the_kernel() -> None:
    script = IN_C + """
AF_UNIX, AF_INET, AF_INET6, AF_NETLINK, AF_PACKET, AF_VSOCK = 1, 2, 10, 16, 17, 40
STREAM, DGRAM, RAW = 1, 2, 3
print(*[attempt(*what) for what in ((AF_INET, STREAM), (AF_INET, DGRAM), (AF_INET6, STREAM), (AF_INET6, DGRAM),
                                    (AF_INET, RAW, 1), (AF_NETLINK, RAW), (AF_PACKET, RAW), (AF_VSOCK, STREAM))])
"""
    assert locked(script).split() == ["EACCES"] * 8


@pytest.mark.skipif(not HAS_FILTER, reason="the filter is for Linux on x86-64 and aarch64")
def test_a_family_hidden_in_the_upper_half_of_the_argument_is_refused() -> None:
    """The kernel looks at 32 bits of the family; so does the filter: no value passes one and means another."""
    script = IN_C + """
libc.syscall.restype = ctypes.c_long
number = {"x86_64": 41, "aarch64": 198}[__import__("platform").machine()]
descriptor = libc.syscall(ctypes.c_long(number), ctypes.c_ulong((1 << 32) | 2), ctypes.c_ulong(1), ctypes.c_ulong(0))
print("open" if descriptor >= 0 else errno.errorcode[ctypes.get_errno()])
"""
    assert locked(script) == "EACCES"


@pytest.mark.skipif(not HAS_FILTER, reason="the filter is for Linux on x86-64 and aarch64")
def test_io_uring_which_could_open_sockets_unseen_is_refused() -> None:
    script = IN_C + """
libc.syscall.restype = ctypes.c_long
buffer = ctypes.create_string_buffer(256)
result = libc.syscall(ctypes.c_long(425), ctypes.c_uint(8), buffer)
print("open" if result >= 0 else errno.errorcode[ctypes.get_errno()])
"""
    assert locked(script) == "EACCES"


@pytest.mark.skipif(not HAS_FILTER, reason="the filter is for Linux on x86-64 and aarch64")
def test_a_child_is_refused_too(listening: str) -> None:
    """A plain interpreter, started by a locked process, without a line of our code."""
    script = """
import subprocess
child = "import socket, sys; socket.create_connection(('127.0.0.1', int(sys.argv[1])), 5)"
done = subprocess.run([sys.executable, "-I", "-c", child, sys.argv[2]], capture_output=True, text=True)
print(done.returncode, done.stderr.strip().splitlines()[-1])
"""
    said = locked(script, listening)
    assert said.startswith("1 PermissionError"), said


@pytest.mark.skipif(not HAS_FILTER, reason="the filter is for Linux on x86-64 and aarch64")
def test_a_grandchild_and_a_thread_are_refused_too(listening: str) -> None:
    script = IN_C + """
import subprocess, threading
child = (
    "import subprocess, sys; sys.exit(subprocess.run([sys.executable, '-c', sys.argv[1]]).returncode)"
)
grandchild = "import ctypes; print('open' if ctypes.CDLL(None).socket(2, 1, 0) >= 0 else 'refused', flush=True)"
print(subprocess.run([sys.executable, "-c", child, grandchild], capture_output=True, text=True).stdout.strip())
thread = threading.Thread(target=lambda: print(attempt(2, 1)))
thread.start(); thread.join()
"""
    assert locked(script).split() == ["refused", "EACCES"]


def test_local_sockets_and_pipes_work() -> None:
    """AF_UNIX is how data loaders and multiprocessing talk."""
    script = """
import multiprocessing, socket
a, b = socket.socketpair()
a.send(b"over a local socket")
print(b.recv(100).decode())
one, other = multiprocessing.Pipe()
one.send("over a pipe")
print(other.recv())
"""
    assert locked(script).splitlines() == ["over a local socket", "over a pipe"]


def test_libraries_are_told_to_stay_offline() -> None:
    names = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY", "DO_NOT_TRACK")
    script = f"import os; print(*[os.environ[name] for name in {names!r}])"
    assert locked(script).split() == ["1"] * 4


# --- the filter's logic, run by a small interpreter of classic BPF, for the processor that is not at hand too ---

ALLOW, KILL, REFUSE = 0x7FFF0000, 0x80000000, 0x00050000 | 13


def run_filter(program: bytes, call: int, architecture: int, first_argument: int = 0) -> int:
    """What the kernel would answer: the return value of the BPF program for one system call."""
    data = struct.pack("<IIQ6Q", call, architecture, 0, first_argument, 0, 0, 0, 0, 0)
    instructions = [struct.unpack_from("HBBI", program, at) for at in range(0, len(program), 8)]
    accumulator = at = 0
    for _ in range(len(instructions) + 1):
        code, if_true, if_false, value = instructions[at]
        at += 1
        if code == 0x20:
            accumulator = struct.unpack_from("<I", data, value)[0]
        elif code == 0x15:
            at += if_true if accumulator == value else if_false
        elif code == 0x35:
            at += if_true if accumulator >= value else if_false
        elif code == 0x06:
            return int(value)
        else:
            raise AssertionError(f"unknown instruction {code:#x}")
    raise AssertionError("the program does not end")


# from the kernel's tables: arch/x86/entry/syscalls/syscall_64.tbl, include/uapi/asm-generic/unistd.h, audit.h
PROCESSORS = {
    "x86_64": {"arch": 0xC000003E, "socket": 41, "others": (0, 1, 2, 42, 53, 56, 59, 231)},
    "aarch64": {"arch": 0xC00000B7, "socket": 198, "others": (56, 63, 64, 199, 203, 220, 221, 94)},
}


@pytest.mark.parametrize("name", PROCESSORS)
def test_the_filter_on_each_processor(name: str) -> None:
    facts = PROCESSORS[name]
    program = network_lock._filter(network_lock._MACHINES[name])
    arch, socket_call = facts["arch"], facts["socket"]
    assert run_filter(program, socket_call, arch, 1) == ALLOW
    for family in (0, 2, 3, 10, 16, 17, 29, 31, 38, 40, 44, 0xFFFFFFFF):
        assert run_filter(program, socket_call, arch, family) == REFUSE, family
    assert run_filter(program, socket_call, arch, (7 << 32) | 2) == REFUSE
    assert run_filter(program, 425, arch) == REFUSE
    for call in facts["others"]:
        assert run_filter(program, call, arch, 2) == ALLOW, call


@pytest.mark.parametrize("name", PROCESSORS)
def test_a_foreign_way_to_call_the_kernel_kills(name: str) -> None:
    """32-bit calls (another architecture number) and x32 calls could smuggle a socket past the numbers above."""
    program = network_lock._filter(network_lock._MACHINES[name])
    arch = PROCESSORS[name]["arch"]
    foreign = {0x40000003, 0x40000028, 0xC000003E, 0xC00000B7} - {arch}  # i386, arm, and the other of our two
    for other in foreign:
        assert run_filter(program, 359, other, 1) == KILL
    assert run_filter(program, 0x40000000 | 41, arch, 1) == KILL
