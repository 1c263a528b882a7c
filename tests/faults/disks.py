"""A small file system for each node's data, which can be filled up and emptied again."""

import errno
import os
import subprocess
from pathlib import Path

import sandbox

SIZE = 3 << 30  # sparse: only what is written takes room
FILLER = "filler"
OVERHEAD = 32 << 20  # what the file system takes for a file of that size


def mount(cluster):
    for name in cluster.names:
        image, at = Path(cluster.home, f"{name}.disk"), directory(cluster, name)
        at.mkdir(parents=True)
        with open(image, "wb") as file:
            file.truncate(SIZE)
        made = subprocess.run(f"mkfs.ext4 -q -m 0 {image} && mount -o loop {image} {at}", shell=True, capture_output=True, text=True)
        if made.returncode != 0:
            sandbox.skip(f"no file system of its own for a node: {made.stderr.strip()}")


def unmount(cluster):
    for name in cluster.names:
        if os.path.ismount(directory(cluster, name)):
            subprocess.run(["umount", str(directory(cluster, name))], check=True)


def directory(cluster, name):
    return Path(cluster.home, "data", name)


def fill(cluster, name, left):
    """Takes all room but `left` bytes, and at 0 the last block, too."""
    at = directory(cluster, name)
    room = os.statvfs(at)
    wanted = room.f_bavail * room.f_frsize - max(left, OVERHEAD)
    with open(at / f"{FILLER}-{left}", "wb") as file:
        os.posix_fallocate(file.fileno(), 0, wanted)
        os.lseek(file.fileno(), wanted, os.SEEK_SET)
        try:
            while left == 0:
                os.write(file.fileno(), bytes(1 << 16))
        except OSError as full:
            if full.errno != errno.ENOSPC:
                raise


def empty(cluster, name):
    for file in directory(cluster, name).glob(FILLER + "-*"):
        file.unlink()
