"""A disk that a program can lose power on: ext4 in a file, mounted on a folder of its own."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import os
import struct
import subprocess
import time
from pathlib import Path

_SHUTDOWN = 0x8004587D
_WITHOUT_FLUSHING_THE_LOG = 2
_NEW_NETWORK = 0x40000000
_NEW_MOUNTS = 0x00020000
_STEP = 64 << 20
# On a busy machine it was more than ten.
_RELEASED_SECONDS = 60.0


class Disk:
    """The file system in `image`, mounted on `folder`."""

    def __init__(self, image: Path, folder: Path, *, megabytes: int) -> None:
        self._image = image
        self._folder = folder
        folder.mkdir(parents=True)
        with image.open("wb") as made:
            made.truncate(megabytes << 20)
        _run("mkfs.ext4", "-q", "-F", str(image))
        self._mount()

    def cut(self) -> None:
        """The power is gone: nothing that was not on the disk by now will be. Processes may still be there, stopped."""
        descriptor = os.open(self._folder, os.O_RDONLY)
        try:
            # Never another device than our own file: the call would take the machine's disk away.
            assert os.fstat(descriptor).st_dev != self._folder.parent.stat().st_dev
            fcntl.ioctl(descriptor, _SHUTDOWN, struct.pack("I", _WITHOUT_FLUSHING_THE_LOG))
        finally:
            os.close(descriptor)

    def restore(self) -> None:
        """Take it out and put it in again, as after a power cut; no process may hold a file of it any more."""
        self.take_out()
        self._mount()

    def take_out(self) -> None:
        """Unmount it; no process may hold a file of it any more."""
        until = time.monotonic() + _RELEASED_SECONDS
        while True:
            try:
                _run("umount", str(self._folder))
                return
            except OSError as busy:
                if time.monotonic() > until:
                    raise OSError(f"{busy}: held by {_holders(self._folder)}") from None
                time.sleep(0.05)  # the kernel lets go of a killed process's files a moment later, and tells nobody

    def fill(self) -> Path:
        """Take all the room that is left; returns the file to remove."""
        filler = self._folder / "filler"
        with filler.open("wb") as taken:
            size = 0
            step = _STEP
            while step >= 4096:
                try:
                    os.posix_fallocate(taken.fileno(), size, step)
                    size += step
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise
                    step //= 4
        return filler

    def free(self, filler: Path) -> None:
        """Give the room back, for good: a power cut right afterwards would bring the file back."""
        filler.unlink()
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _mount(self) -> None:
        _run("mount", "-o", "loop", str(self._image), str(self._folder))


def own_namespaces() -> None:
    """Give this process, and those that it starts, a network and mounts of its own; needs root. Call it first."""
    if ctypes.CDLL(None, use_errno=True).unshare(_NEW_NETWORK | _NEW_MOUNTS) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    _run("mount", "--make-rprivate", "/")
    _run("ip", "link", "set", "lo", "up")


def _holders(folder: Path) -> list[str]:
    """The processes that have a file of it open, each with its state."""
    found = set[str]()
    for file in Path("/proc").glob("[0-9]*/fd/*"):
        with contextlib.suppress(OSError):
            if str(file.readlink()).startswith(f"{folder}/"):
                told = (file.parents[1] / "status").read_text(encoding="utf-8").splitlines()
                found.add(" ".join([file.parts[2], *(line for line in told if line.startswith(("Name", "State")))]))
    return sorted(found)


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise OSError(f"{' '.join(command)}: {done.stderr.strip()}")
