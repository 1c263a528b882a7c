"""Changes the members of a cluster while nodes are killed with kill -9 on the way, at random moments.

A node loses its disk and, on its way back, its new one too; without a quorum it waits; a node joins and one is drained
under kills; one is removed by force, is told so when it comes back, and joins again under its name. Afterwards everything
that was acknowledged is there, exactly once.

usage: membership_crash_test.py PATH/TO/stoa [SEED]
"""

import json
import shutil
import threading
import time

import audit
import under_load
from membership_test import member, says, whole
from process import until
from under_load import SETTLE_LIMIT_S, Load


class Chaos:
    def __init__(self, cluster, buyers, chance):
        self.cluster, self.buyers, self.chance = cluster, buyers, chance
        self.begun = time.monotonic()

    def done(self, what):
        print(f"{time.monotonic() - self.begun:5.1f} s: {what}", flush=True)

    def moment(self, least, most):
        threading.Event().wait(self.chance.uniform(least, most))

    def rest(self):
        """Everybody is there again, and every shard has its replicas."""
        self.cluster.ready()
        until(lambda: whole(self.cluster), SETTLE_LIMIT_S, "every shard has its replicas")

    def settle(self):
        for buyer in self.buyers:
            buyer.settle(lambda ask, what: until(ask, SETTLE_LIMIT_S, what))

    def wipe(self, name):
        shutil.rmtree(self.cluster.data(name))

    def kill_each(self, *names):
        for name in names:
            self.moment(0.2, 1.5)
            self.cluster.kill(name)
            self.moment(0, 0.6)
            self.cluster.start(name)

    def lose_two_disks(self):
        with Load(self.buyers):
            self.cluster.kill("n1")
            self.wipe("n1")
            for time_back in range(3):
                self.cluster.start("n1")
                self.moment(1, 3)
                self.cluster.kill("n1")
                if time_back == 1:
                    self.wipe("n1")
            self.cluster.start("n1")
            self.rest()
        self.settle()
        self.done("the first node lost two disks, and was killed on its way back")

    def lose_a_disk_without_a_quorum(self):
        for name in ("n2", "n1"):
            self.cluster.kill(name)
        self.wipe("n1")
        self.cluster.start("n1")
        until(lambda: says(self.cluster, "n1", "n3 belongs to a cluster already"), 15, "it says what it waits for")
        self.cluster.start("n2")
        self.rest()
        self.done("without a quorum a node without its disk waited")

    def join_and_drain(self):
        with Load(self.buyers):
            self.cluster.add("n4")
            self.cluster.start("n4")
            self.moment(0, 2)
            self.cluster.operate("join", "n4", "--config", str(self.cluster.config), via="n2")
            self.kill_each("n4", "n1", "n4")
            self.rest()
            self.done("a node joined under kills")
            self.cluster.operate("drain", "n1", "--no-wait", via="n2")
            self.kill_each("n1", "n4")
            until(lambda: member(self.cluster, "n1")["replicas"] + member(self.cluster, "n1")["leaving"] == 0,
                  SETTLE_LIMIT_S, "n1 holds nothing")
        self.settle()
        self.cluster.operate("remove", "n1", via="n2")
        assert self.cluster.stop("n1") == 0, "n1 did not end cleanly"
        self.cluster.names.remove("n1")
        self.done("a node was drained under kills")

    def force_out_and_let_in(self):
        self.cluster.kill("n4")
        self.cluster.operate("remove", "n4", "--force", via="n2")
        until(lambda: json.loads(self.cluster.operate("status", "--json", via="n2"))["members"]["moving"] == 0,
              SETTLE_LIMIT_S, "the others go on without the lost node")
        self.cluster.start("n4")
        until(lambda: says(self.cluster, "n4", "was this node removed?"), 15, "the lost node says why it is alone")
        self.cluster.kill("n4")
        self.wipe("n4")
        self.cluster.operate("join", "n4", "--config", str(self.cluster.config), via="n2")
        self.cluster.start("n4")
        self.rest()
        self.done("a node was removed by force, and is back under its name")


def test(cluster, buyers, stock, chance):
    under_load.spread(cluster, buyers, ["n2", "n3"])
    chaos = Chaos(cluster, buyers, chance)
    chaos.lose_two_disks()
    chaos.lose_a_disk_without_a_quorum()
    chaos.join_and_drain()
    chaos.force_out_and_let_in()
    audit.everything(cluster, buyers, stock, closely=True)
    print("everything is there, exactly once")


if __name__ == "__main__":
    under_load.main(__doc__, 3, test)
