"""The offline lock: the kernel refuses every socket that is not local, to this process and its children.

Linux x86-64 and aarch64: a seccomp filter (works without privileges). Elsewhere: a Python audit hook only.
The filter is a classic BPF program; see seccomp(2) and the kernel's Documentation/userspace-api/seccomp_filter.
"""

import ctypes
import os
import platform
import struct
import sys
from typing import Any, NamedTuple

from backend.protocol.refusal import REFUSED_WORDS

SECCOMP = "seccomp"
AUDIT_HOOK = "audit_hook"

OFFLINE_VARIABLES = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
    "DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "ANONYMIZED_TELEMETRY": "False",
    "WANDB_MODE": "disabled",
}


class _Machine(NamedTuple):
    audit_arch: int
    socket: int
    io_uring_setup: int


_MACHINES = {
    "x86_64": _Machine(audit_arch=0xC000003E, socket=41, io_uring_setup=425),
    "aarch64": _Machine(audit_arch=0xC00000B7, socket=198, io_uring_setup=425),
}

_AF_UNIX = 1
_EACCES = 13
_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2

_LOAD_WORD = 0x20  # BPF_LD | BPF_W | BPF_ABS
_JUMP_EQUAL = 0x15  # BPF_JMP | BPF_JEQ | BPF_K
_JUMP_GREATER_EQUAL = 0x35  # BPF_JMP | BPF_JGE | BPF_K
_RETURN = 0x06  # BPF_RET | BPF_K
_ALLOW = 0x7FFF0000
_KILL_PROCESS = 0x80000000
_REFUSE = 0x00050000 | _EACCES  # SECCOMP_RET_ERRNO
_X32_BIT = 0x40000000

# offsets in struct seccomp_data: nr, arch, and the low word of the first argument (little endian)
_NR, _ARCH, _FIRST_ARGUMENT = 0, 4, 16


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


def lock_network() -> str:
    """Locks this process and all its future children; returns the level: seccomp or audit_hook."""
    os.environ.update(OFFLINE_VARIABLES)
    sys.addaudithook(_refuse_in_python)
    machine = _MACHINES.get(platform.machine())
    if sys.platform != "linux" or machine is None:
        return AUDIT_HOOK
    return SECCOMP if _install(_filter(machine)) else AUDIT_HOOK


def _filter(machine: _Machine) -> bytes:
    """The BPF program: foreign ABI killed, socket() only for AF_UNIX, no io_uring, all else allowed."""
    program = [
        (_LOAD_WORD, 0, 0, _ARCH),
        (_JUMP_EQUAL, 1, 0, machine.audit_arch),
        (_RETURN, 0, 0, _KILL_PROCESS),
        (_LOAD_WORD, 0, 0, _NR),
        (_JUMP_GREATER_EQUAL, 5, 0, _X32_BIT),
        (_JUMP_EQUAL, 5, 0, machine.io_uring_setup),
        (_JUMP_EQUAL, 0, 2, machine.socket),
        (_LOAD_WORD, 0, 0, _FIRST_ARGUMENT),
        (_JUMP_EQUAL, 0, 2, _AF_UNIX),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _KILL_PROCESS),
        (_RETURN, 0, 0, _REFUSE),
    ]
    return b"".join(struct.pack("HBBI", *instruction) for instruction in program)


def _install(program: bytes) -> bool:
    buffer = ctypes.create_string_buffer(program, len(program))
    header = _Program(len(program) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(header), 0, 0) == 0)


def _refuse_in_python(event: str, arguments: tuple[Any, ...]) -> None:
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        raise PermissionError(_EACCES, f"{REFUSED_WORDS}; refused to look up {arguments[0]!r}")
    if event == "socket.__new__" and int(arguments[1]) not in (_AF_UNIX, -1):
        raise PermissionError(_EACCES, f"{REFUSED_WORDS}; a network socket was refused")
