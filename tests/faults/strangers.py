"""Nodes that do not belong here knock while the shop is in use: each is refused, with a line in both logs that says why.

A stranger calls itself by the name that comes first, so that it is the one who dials.
"""

import json
import os
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

from machines import Machines
from process import until
from world import now

SAID_LIMIT_S = 20
GAP_LIMIT_S = 3.0
MACHINE = "stranger"


def of_another_cluster(world):
    """It has a certificate of ours, and another cluster's name."""
    return _refused(world, "n1", "another cluster's name", cluster="another",
                    theirs="is of the cluster e2e and n1 of another", ours="is of the cluster e2e and n1 of another")


def by_a_name_in_use(world):
    """A second n1 on another machine, with n1's own certificate."""
    return _refused(world, "n1", "a name in use", theirs="another live node by the name n1", ours="another live node by the name n1")


def by_an_unknown_name(world):
    """A node that nobody was told of, with a certificate of ours."""
    return _refused(world, "n0", "an unknown name", theirs="knows no node by the name n0", ours="knows no node by the name n0")


def with_anothers_certificate(world):
    """It calls itself n1 and shows a certificate of ours that was made for n9."""
    return _refused(world, "n1", "a certificate for another name", certificate="certs/n9",
                    theirs="the certificate of n1 is for", ours="the certificate of n1 is for")


def of_another_authority(world):
    """Its certificate says n1, by an authority that we do not know."""
    world.cluster.certify(f"n1={world.cluster.network.hosts[MACHINE]}", folder="forged")
    return _refused(world, "n1", "another authority's certificate", certificate="forged/n1", theirs="it does not trust our certificate",
                    ours="its certificate is not trusted")


def _refused(world, name, what, theirs, ours, cluster="e2e", certificate=None):
    with world.load():
        world.watch(1.0)
        struck = now()
        sizes = {node: os.path.getsize(world.cluster.log(node)) for node in world.cluster.names}
        with _stranger(world.cluster, name, cluster, certificate or f"certs/{name}") as log:
            until(lambda: theirs in log.read_text(), SAID_LIMIT_S, f"the stranger's log says '{theirs}': {log}")
            for node in world.cluster.others("n1"):
                until(lambda n=node: ours in _since(world.cluster, n, sizes[n]), SAID_LIMIT_S, f"{node} says '{ours}'")
            world.watch(2.0)
            until_when = now()
    assert set(world.cluster.living()) == set(world.cluster.names), "a stranger ended one of ours"
    report = world.report(f"a stranger with {what} is refused", struck, until_when)
    assert report.worst_s < GAP_LIMIT_S, report.line
    return report


def _since(cluster, node, size):
    with open(cluster.log(node), "rb") as file:
        file.seek(size)
        return file.read().decode(errors="replace")


@contextmanager
def _stranger(cluster, name, cluster_name, certificate):
    """Its process, on a machine and with data of its own; gives its log."""
    home = tempfile.mkdtemp(prefix="stranger-", dir=cluster.home)
    config = json.loads(cluster.config.read_text())
    config.update(cluster=cluster_name, tls={"ca": "certs/ca.pem", "cert": certificate + ".pem", "key": certificate + ".key"})
    own = {**config["nodes"][0], "name": name, "host": cluster.network.hosts[MACHINE], "data": home,
           "admin_host": cluster.network.hosts[MACHINE]}
    config["nodes"] = [own] + [node for node in config["nodes"] if node["name"] not in (name, "n1")]
    file, log = Path(cluster.home, "stranger.json"), Path(cluster.home, f"stranger-{cluster_name}-{Path(certificate).as_posix().replace('/', '-')}.log")
    file.write_text(json.dumps(config))
    with open(log, "wb") as out:
        child = subprocess.Popen([*cluster.network.within(MACHINE), cluster.binary, "node", "--config", str(file), "--name", name],
                                 stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    try:
        yield log
    finally:
        child.kill()
        child.wait()


def prepare(cluster: Machines):
    """A fourth machine, and the certificates that strangers show."""
    host = cluster.network.add(MACHINE)
    cluster.certify("n9", f"n0={host}")
