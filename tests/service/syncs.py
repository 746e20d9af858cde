"""A process that counts what SQLite asks of the disk: `python -m tests.service.syncs`.

Argument: a ledger's file. After each command that was answered it prints how often
the log's file was synced so far. It puts itself in the place of the function by which
SQLite opens files, and of the one by which it syncs each of them.

Source: sqlite3.h, struct sqlite3_vfs and struct sqlite3_io_methods.
"""

import _sqlite3
import ctypes
import sys
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_void_p
from itertools import count
from typing import Any

from ledger.request import Appended
from ledger.service import Ledger
from tests.worlds.payable import ask

OPEN_WAL = 0x0008_0000  # SQLITE_OPEN_WAL: the file that a commit is written to.
COMMANDS = 50

Sync = CFUNCTYPE(c_int, c_void_p, c_int)
Open = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)


class Methods(Structure):
    """What can be done with an open file."""

    _fields_ = (
        ("version", c_int),
        ("before", c_void_p * 4),  # Close, read, write, truncate.
        ("sync", Sync),
        ("after", c_void_p * 13),
    )


class File(Structure):
    """An open file."""

    _fields_ = (("methods", POINTER(Methods)),)


class System(Structure):
    """How SQLite reaches the disk."""

    _fields_ = (
        ("version", c_int),
        ("file_size", c_int),
        ("path_size", c_int),
        ("next", c_void_p),
        ("name", c_char_p),
        ("data", c_void_p),
        ("open", Open),
    )


class Counting:
    """Counts the syncs of write-ahead logs from now."""

    def __init__(self) -> None:
        self.syncs = 0
        library = ctypes.CDLL(_sqlite3.__file__)
        library.sqlite3_vfs_find.restype = POINTER(System)
        self._system = library.sqlite3_vfs_find(None).contents
        self._open_before = Open(_address(self._system.open))
        self._kept: list[object] = [Open(self._open)]  # SQLite keeps no references.
        self._system.open = self._kept[0]

    def _open(self, system: int, name: int, at: int, flags: int, given: int) -> int:
        done = self._open_before(system, name, at, flags, given)
        if done == 0 and flags & OPEN_WAL:
            file = ctypes.cast(at, POINTER(File)).contents
            methods = Methods.from_buffer_copy(file.methods.contents)
            # By its address: the field itself is a window on what is about to change.
            before = Sync(_address(methods.sync))

            def sync(file_at: int, how: int) -> int:
                self.syncs += 1
                return int(before(file_at, how))

            methods.sync = Sync(sync)
            self._kept += [methods, methods.sync]
            file.methods = ctypes.pointer(methods)
        return int(done)


def _address(function: object) -> Any:
    return ctypes.cast(function, c_void_p).value  # type: ignore[arg-type]


def main() -> None:
    counting = Counting()
    with Ledger.open(sys.argv[1]) as ledger:
        for number in count(1):
            outcome = ledger.give(ask(f"d{number}", 1))
            assert isinstance(outcome, Appended), outcome
            print(counting.syncs)
            if number == COMMANDS:
                return


if __name__ == "__main__":
    main()
