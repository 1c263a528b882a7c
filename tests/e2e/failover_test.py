"""Kills the node that leads most with kill -9, under load at all three gateways, and looks for what was promised.

Every acknowledged order is there, exactly once; its key is answered byte for byte by another node; what the customers
see meanwhile is late or 503, never wrong; and it does not last. A failure prints its seed and keeps the data.

usage: failover_test.py PATH/TO/stoa [SEED] [ROUNDS]
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

BUYERS = 9
SETTLE_LIMIT_S = 60
AFTER_KILL_S = 6.0  # of load on what is left
# Without a success: three seconds are promised on a machine of its own, and tests share theirs.
GAP_LIMIT_S = 6.0


def load_and_kill(cluster, buyers, victim, chance):
    """Seconds around the kill during which nobody at another gateway was answered, at the longest."""
    stopped = threading.Event()
    threads = [threading.Thread(target=buyer.run, args=(stopped,)) for buyer in buyers]
    for thread in threads:
        thread.start()
    threading.Event().wait(chance.uniform(0.5, 2.0))
    killed_at = time.monotonic()
    cluster.kill(victim)
    threading.Event().wait(AFTER_KILL_S)
    stopped.set()
    for thread in threads:
        thread.join()
    times = sorted(a.answered_at for b in buyers for a in b.attempts if a.answered_at and a.answered_at > killed_at - 0.5)
    return max(later - sooner for sooner, later in zip(times, times[1:]))


def one_round(cluster, buyers, chance):
    leads = cluster.leads()
    victim = max(cluster.names, key=lambda name: leads[name])
    ports = [cluster.ports[name]["http"] for name in cluster.names if name != victim]
    for number, buyer in enumerate(buyers):
        buyer.go_to(ports[number % 2])
    buyers[0].go_to(cluster.ports[victim]["http"])  # one of them loses its gateway too
    gap_s = load_and_kill(cluster, buyers, victim, chance)
    for number, buyer in enumerate(buyers):
        buyer.go_to(ports[(number + 1) % 2])
        buyer.settle(lambda ask, what: until(ask, SETTLE_LIMIT_S, what))
    cluster.start(victim)
    cluster.ready()
    until(cluster.all_even, SETTLE_LIMIT_S, "the node that came back has caught up")
    assert gap_s < GAP_LIMIT_S, f"nobody was answered for {gap_s:.2f} s"
    return f"killed {victim} with {leads[victim]} leads, longest gap {gap_s:.2f} s"


def main():
    binary = binary_from_command_line(__doc__)
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else int(time.time())
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 3
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
        for number in range(rounds):
            print(f"round {number + 1}: {one_round(cluster, buyers, chance)}", flush=True)
            audit.everything(cluster, buyers, stock, closely=number == rounds - 1)
        for name in cluster.names:
            assert cluster.stop(name) == 0, f"SIGTERM did not end {name} cleanly"
    except BaseException:
        print(f"FAILED with seed {seed}; data and logs are kept in {cluster.home}", flush=True)
        cluster.kill_all()
        raise
    cluster.remove()
    print("every acknowledged order is there, exactly once")


if __name__ == "__main__":
    main()
