"""Changes the members of a cluster under light load: a node joins, one is drained and removed, one loses its disk.

No request fails while a node joins and another one leaves; a lost disk costs nothing that was acknowledged, and when
it is found again it is refused. Afterwards everything is there, exactly once, on three nodes.

usage: membership_test.py PATH/TO/stoa [SEED]
"""

import json
import shutil
import time

import audit
import under_load
from process import until
from under_load import SETTLE_LIMIT_S, Load

BUYERS = 2


def member(cluster, name):
    document = json.loads(cluster.operate("status", "--json"))["members"]
    return next(node for node in document["nodes"] if node["name"] == name)


def whole(cluster):
    """Nothing is on the move, and every shard has three replicas that know the same."""
    moving = json.loads(cluster.operate("status", "--json"))["members"]["moving"]
    shards = cluster.document()["shards"]
    return (moving == 0 and cluster.all_even(within=500)
            and all({replica["role"] for replica in shard["replicas"]} <= {"leader", "follower"} for shard in shards)
            and all(len(shard["replicas"]) == 3 for shard in shards))


def join(cluster, name):
    cluster.add(name)
    cluster.start(name)
    until(lambda: says(cluster, name, f"stoa cluster join {name}"), 10, "a new node says what it waits for")
    cluster.operate("join", name, "--config", str(cluster.config))
    cluster.ready(name)
    until(lambda: whole(cluster) and member(cluster, name)["replicas"] > 0, SETTLE_LIMIT_S, f"{name} has its share")


def says(cluster, name, what):
    try:
        return what in cluster.admin("/readyz?verbose", name)[1]
    except OSError:
        return False


def leave(cluster, name):
    cluster.operate("drain", name)
    held = member(cluster, name)
    assert (held["replicas"], held["leaving"]) == (0, 0), held
    cluster.operate("remove", name)
    assert cluster.stop(name) == 0, f"{name} did not end cleanly"
    cluster.names.remove(name)


def lose_disk(cluster, buyers, name):
    """While its node is stopped; the buyers go on meanwhile. The lost disk's place."""
    assert cluster.stop(name) == 0, f"{name} did not end cleanly"
    lost = cluster.data(name).rename(cluster.data(name + ".lost"))
    with Load(buyers):
        cluster.start(name)
        cluster.ready(name)
        until(lambda: whole(cluster), SETTLE_LIMIT_S, f"{name} has its replicas again")
    return lost


def refuse(cluster, name, lost):
    """The lost disk, put back."""
    assert cluster.stop(name) == 0, f"{name} did not end cleanly"
    kept = cluster.data(name).rename(cluster.data(name + ".kept"))
    shutil.move(lost, cluster.data(name))
    cluster.start(name)
    until(lambda: says(cluster, name, "was taken for lost"), 10, "a disk that was taken for lost is refused")
    assert cluster.admin("/readyz", name)[0] == 503
    until(lambda: {"name": name, "status": "refused"} in cluster.document()["nodes"], 10, "the others show that they refuse it")
    cluster.kill(name)
    shutil.rmtree(cluster.data(name))
    kept.rename(cluster.data(name))
    cluster.start(name)
    cluster.ready()
    until(lambda: whole(cluster), SETTLE_LIMIT_S, f"{name} is back with the disk that belongs to it")


def test(cluster, buyers, stock, _):
    begun = time.monotonic()

    def done(what):
        print(f"{time.monotonic() - begun:5.1f} s: {what}", flush=True)

    under_load.spread(cluster, buyers, ["n1", "n3"])
    with Load(buyers):
        join(cluster, "n4")
        done("n4 has joined")
        leave(cluster, "n2")
        done("n2 was drained and removed")
    tries = under_load.none_failed(buyers, "a node joined and another one left")
    assert tries > 20, f"only {tries} requests"
    under_load.spread(cluster, buyers, ["n1", "n4"])
    lost = lose_disk(cluster, buyers, "n3")
    done("n3 has lost its disk and is whole again")
    tries = under_load.none_failed(buyers, "a node came back without its disk")
    refuse(cluster, "n3", lost)
    done("the lost disk was refused")
    audit.everything(cluster, buyers, stock, closely=True)
    done(f"{tries} requests were answered, and everything is there")


if __name__ == "__main__":
    under_load.main(__doc__, BUYERS, test)
