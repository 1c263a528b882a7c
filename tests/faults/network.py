"""One network namespace a node, on a bridge: cables can be cut in one direction or both, and lose packets.

The driver stands outside, at the bridge: it reaches every node whatever is cut between them.
"""

import subprocess

BRIDGE, PREFIX, DRIVER = "stoa0", "10.77.0.", 254


def _run(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


class Network:
    def __init__(self, names):
        self.hosts = {}
        _run("ip", "link", "add", BRIDGE, "type", "bridge")
        _run("ip", "address", "add", f"{PREFIX}{DRIVER}/24", "dev", BRIDGE)
        _run("ip", "link", "set", BRIDGE, "up")
        for name in names:
            self.add(name)

    def close(self):
        for name in self.hosts:
            _run("ip", "netns", "delete", name)
        _run("ip", "link", "delete", BRIDGE)

    def add(self, name):
        """A namespace by that name, with an address of its own."""
        host = f"{PREFIX}{len(self.hosts) + 1}"
        cable = self.cable(name)
        _run("ip", "netns", "add", name)
        _run("ip", "link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", name)
        _run("ip", "link", "set", cable, "master", BRIDGE, "up")
        _run("ip", "-n", name, "address", "add", f"{host}/24", "dev", "eth0")
        for device in ("eth0", "lo"):
            _run("ip", "-n", name, "link", "set", device, "up")
        self.hosts[name] = host
        return host

    @staticmethod
    def cable(name):
        """The end of its cable that is outside."""
        return f"v-{name}"

    @staticmethod
    def within(name):
        """The words before a command that shall run there."""
        return ["ip", "netns", "exec", name]

    def _drop(self, at, sender, *how):
        _run(*self.within(at), "iptables", "-w", "-A", "INPUT", "-s", self.hosts[sender], *how, "-j", "DROP")

    def deafen(self, name, sender):
        """Nothing that `sender` sends arrives at `name`; the other direction stays."""
        self._drop(name, sender)

    def cut(self, one, other):
        self.deafen(one, other)
        self.deafen(other, one)

    def isolate(self, name):
        """From all other nodes, both ways."""
        for other in self.hosts:
            if other != name:
                self.cut(name, other)

    def lose(self, share):
        """That share of all packets between nodes."""
        for at in self.hosts:
            for sender in self.hosts:
                if at != sender:
                    self._drop(at, sender, "-m", "statistic", "--mode", "random", "--probability", str(share))

    def heal(self):
        for name in self.hosts:
            _run(*self.within(name), "iptables", "-w", "-F", "INPUT")
