"""Hostile bytes on the cluster ports of all nodes, in the clear and inside TLS, while the shop is in use."""

import random
import socket
import ssl
import threading
from pathlib import Path

import frames
from process import until
from world import now

IDLE = 200  # connections that are held and say nothing
IDLE_LIMIT_S = 12
IN_THE_CLEAR, INSIDE_TLS = 100_000, 5_000
GROWTH_MB = 200
GAP_LIMIT_S = 3.0
ATTACKERS = 4


def secured(world):
    """Strangers without a certificate, and one that stole a node's."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.load_verify_locations(Path(world.cluster.home, "certs", "ca.pem"))
    context.load_cert_chain(Path(world.cluster.home, "certs", "n1.pem"), Path(world.cluster.home, "certs", "n1.key"))
    return _attack(world, [_plain, lambda host, port, said: _inside(context, host, port, said)], INSIDE_TLS, "with TLS")


def in_the_clear(world):
    """Anyone who reaches the port talks to the guard itself."""
    return _attack(world, [_plain], IN_THE_CLEAR, "in the clear")


def _plain(host, port, said):
    """Whether the other end closed the connection by itself, or answered something and was left."""
    with socket.create_connection((host, port), timeout=10) as connection:
        connection.sendall(said)
        connection.shutdown(socket.SHUT_WR)
        connection.recv(256)


def _inside(context, host, port, said):
    with socket.create_connection((host, port), timeout=10) as connection:
        with context.wrap_socket(connection) as secret:
            secret.sendall(said)
            secret.settimeout(0.05)
            secret.recv(256)


def _attack(world, ways, count, what):
    cluster = world.cluster
    doors = [(cluster.hosts[name], cluster.ports[name]["cluster"]) for name in cluster.names]
    greeting = _greeting(world)
    pids = {name: child.pid for name, child in cluster.children.items()}
    before = {name: _resident_mb(pid) for name, pid in pids.items()}
    with world.load():
        world.watch(1.0)
        struck = now()
        for way in ways:
            for said in frames.named(greeting).values():
                for host, port in doors:
                    _try(way, host, port, said)
        _random_ones(world, ways, doors, greeting, count)
        until_when = now()
    cpu = _idle_ones(world, doors)
    assert set(cluster.living()) == set(cluster.names), f"dead: {set(cluster.names) - set(cluster.living())}"
    grown = {name: _resident_mb(pid) - before[name] for name, pid in pids.items()}
    assert max(grown.values()) < GROWTH_MB, f"MB more than before: {grown}"
    report = world.report(f"{count} hostile inputs {what} and {len(frames.named(greeting)) * len(ways)} named ones a node, {IDLE} idle "
                          f"connections (then {cpu:.0%} of a core a node)", struck, until_when)
    # In the clear a stranger who repeats a node's greeting takes its place for as long as he goes on.
    assert report.shop_s < GAP_LIMIT_S or not world.cluster.secured, report.line
    return report


def _try(way, host, port, said):
    try:
        way(host, port, said)
    except OSError:
        pass  # being refused, reset or left waiting is what they deserve


def _greeting(world):
    """What a node says first to one that it dials, when that can be overheard."""
    said = world.greetings()
    assert said or world.cluster.secured, "no greeting was overheard"
    return max(said, key=len) if said else b""


def _random_ones(world, ways, doors, greeting, count):
    def attack(seed):
        chance = random.Random(seed)
        for _ in range(count // ATTACKERS):
            host, port = chance.choice(doors)
            _try(chance.choice(ways), host, port, frames.random_input(chance, greeting))

    attackers = [threading.Thread(target=attack, args=(world.chance.random(),)) for _ in range(ATTACKERS)]
    for one in attackers:
        one.start()
    for one in attackers:
        one.join()


def _idle_ones(world, doors):
    """They are closed from the other side, and cost next to nothing: the share of a core that a node takes meanwhile."""
    held = [socket.create_connection(doors[number % len(doors)], timeout=10) for number in range(IDLE)]
    pid = world.cluster.children[world.cluster.names[0]].pid
    sooner, begun = _cpu_s(pid), now()

    def all_closed():
        for one in list(held):
            one.setblocking(False)
            try:
                if one.recv(256) == b"":
                    held.remove(one)
                    one.close()
            except BlockingIOError:
                pass
            except OSError:
                held.remove(one)
        return not held

    until(all_closed, IDLE_LIMIT_S, f"{IDLE} idle connections are closed")
    share = (_cpu_s(pid) - sooner) / (now() - begun)
    return share


def _resident_mb(pid):
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) >> 10


def _cpu_s(pid):
    user, system = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / 100
