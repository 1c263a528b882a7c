"""Restarts the nodes of a cluster one after the other with SIGTERM, under load at the other gateways.

No request fails: what the gateways repeat inside counts as success, a 503 does not. Afterwards everything that was
acknowledged is there, exactly once.

usage: rolling_test.py PATH/TO/stoa [SEED]
"""

import random
import sys
import threading
import time

import audit
from buyer import Buyer
from cluster import Cluster
from crash_test import make_products
from process import binary_from_command_line, until

BUYERS = 4
SETTLE_LIMIT_S = 60


def restart(cluster, buyers, name):
    """How long the node took to end."""
    ports = [cluster.ports[other]["http"] for other in cluster.names if other != name]
    for number, buyer in enumerate(buyers):
        buyer.go_to(ports[number % len(ports)])
    stopped = threading.Event()
    threads = [threading.Thread(target=buyer.run, args=(stopped,)) for buyer in buyers]
    for thread in threads:
        thread.start()
    begun = time.monotonic()
    assert cluster.stop(name) == 0, f"{name} did not end cleanly:\n{cluster.tail(name)}"
    took_s = time.monotonic() - begun
    cluster.start(name)
    cluster.ready(name)
    until(lambda: cluster.all_even(within=500), SETTLE_LIMIT_S, f"{name} has caught up")
    stopped.set()
    for thread in threads:
        thread.join()
    return took_s


def main():
    binary = binary_from_command_line(__doc__)
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else int(time.time())
    chance = random.Random(seed)
    cluster = Cluster(binary)
    print(f"seed {seed}, data in {cluster.home}", flush=True)
    try:
        cluster.start()
        cluster.ready()
        cluster.make_merchant()
        stock = make_products(cluster)
        buyers = [Buyer(cluster.http_port, n, list(stock), random.Random(chance.random())) for n in range(BUYERS)]
        for buyer in buyers:
            buyer.register()
        for name in cluster.names:
            took_s = restart(cluster, buyers, name)
            tries = [attempt for buyer in buyers for attempt in buyer.attempts]
            failed = [attempt for attempt in tries if attempt.answer is None]
            assert not failed, f"{len(failed)} of {len(tries)} requests were not answered while {name} was restarted"
            print(f"{name}: ended within {took_s:.1f} s, {len(tries)} requests so far, none failed", flush=True)
        audit.everything(cluster, buyers, stock, closely=True)
    except BaseException:
        print(f"FAILED with seed {seed}; data and logs are kept in {cluster.home}", flush=True)
        cluster.kill_all()
        raise
    cluster.remove()
    print("every request was answered")


if __name__ == "__main__":
    main()
