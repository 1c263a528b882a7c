"""What the tests of a cluster under load share: a shop with customers on three nodes, and load while something happens."""

import random
import sys
import threading
import time

from buyer import Buyer
from cluster import Cluster
from crash_test import make_products
from process import binary_from_command_line

SETTLE_LIMIT_S = 60


class Load:
    """`with Load(buyers):` they buy meanwhile."""

    def __init__(self, buyers):
        self.stopped = threading.Event()
        self.threads = [threading.Thread(target=buyer.run, args=(self.stopped,)) for buyer in buyers]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stopped.set()
        for thread in self.threads:
            thread.join()


def spread(cluster, buyers, names):
    """The buyers over the gateways of these nodes."""
    for number, buyer in enumerate(buyers):
        buyer.go_to(cluster.ports[names[number % len(names)]]["http"])


def none_failed(buyers, what):
    tries = [attempt for buyer in buyers for attempt in buyer.attempts]
    failed = [attempt for attempt in tries if attempt.answer is None]
    assert not failed, f"{len(failed)} of {len(tries)} requests were not answered while {what}"
    return len(tries)


def main(usage, buyer_count, test):
    """Runs test(cluster, buyers, stock, chance); the second argument of the command line is the seed. After a failure the
    data and the logs are kept."""
    binary = binary_from_command_line(usage)
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else int(time.time())
    chance = random.Random(seed)
    cluster = Cluster(binary)
    print(f"seed {seed}, data in {cluster.home}", flush=True)
    try:
        cluster.start()
        cluster.ready()
        cluster.make_merchant()
        stock = make_products(cluster)
        buyers = [Buyer(cluster.http_port, n, list(stock), random.Random(chance.random())) for n in range(buyer_count)]
        for buyer in buyers:
            buyer.register()
        test(cluster, buyers, stock, chance)
    except BaseException:
        print(f"FAILED with seed {seed}; data and logs are kept in {cluster.home}", flush=True)
        cluster.kill_all()
        raise
    cluster.remove()
