"""A small file system for each node's data, which can be filled up and emptied again."""

import os
import subprocess
from pathlib import Path

import sandbox

SIZE = 3 << 30  # sparse: only what is written takes room
FILLER = "filler"


def mount(cluster):
    for name in cluster.names:
        image, at = Path(cluster.home, f"{name}.disk"), directory(cluster, name)
        at.mkdir(parents=True)
        with open(image, "wb") as file:
            file.truncate(SIZE)
        made = subprocess.run(f"mkfs.ext4 -q -m 0 {image} && mount -o loop {image} {at}", shell=True, capture_output=True, text=True)
        if made.returncode != 0:
            sandbox.skip(f"no file system of its own for a node: {made.stderr.strip()}")


def directory(cluster, name):
    return Path(cluster.home, "data", name)


def fill(cluster, name, left):
    """Takes all room but `left` bytes."""
    at = directory(cluster, name)
    room = os.statvfs(at)
    wanted = room.f_bavail * room.f_frsize - left
    with open(at / f"{FILLER}-{left}", "wb") as file:
        os.posix_fallocate(file.fileno(), 0, wanted)


def empty(cluster, name):
    for file in directory(cluster, name).glob(FILLER + "-*"):
        file.unlink()
