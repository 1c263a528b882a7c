"""A machine of our own inside this one: namespaces for the network, for mounts and for processes.

Whatever is made in there is gone when the runner ends, however it ends: interfaces, mounts, filters, children.
"""

import os
import shutil
import subprocess
import sys

SKIPPED = 77  # what ctest takes for a skipped test
_INSIDE = "STOA_TEST_SANDBOX"
_TOOLS = ("unshare", "mount", "ip", "iptables", "openssl")
_PROBE = ("mount -t tmpfs none /run && ip link set lo up && ip link add probe0 type bridge && ip netns add probe && "
          "ip netns exec probe iptables -A INPUT -s 10.77.0.1 -m statistic --mode random --probability 0.5 -j DROP")


def enter():
    """Returns inside. Ends the process with SKIPPED, and says so, where this machine does not allow it."""
    if os.environ.pop(_INSIDE, None):
        subprocess.run(["mount", "-t", "tmpfs", "none", "/run"], check=True)
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        return
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    missing = [tool for tool in _TOOLS if shutil.which(tool) is None]
    if missing:
        skip(f"there is no {', '.join(missing)} on this machine")
    unshare = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
    if os.geteuid() != 0:
        unshare += ["--user", "--map-root-user"]
    probe = subprocess.run([*unshare, "sh", "-c", _PROBE], capture_output=True, text=True)
    if probe.returncode != 0:
        skip(f"this machine allows no network namespaces: {probe.stderr.strip()}")
    os.environ[_INSIDE] = "1"
    os.execvp("unshare", [*unshare, sys.executable, "-B", *sys.argv])


def skip(why):
    print(f"\n*** SKIPPED, NOTHING WAS TESTED: {why} ***\n", file=sys.stderr, flush=True)
    sys.exit(SKIPPED)
