"""Restarts the nodes of a cluster one after the other with SIGTERM, under load at the other gateways.

No request fails: what the gateways repeat inside counts as success, a 503 does not. Afterwards everything that was
acknowledged is there, exactly once.

usage: rolling_test.py PATH/TO/stoa [SEED]
"""

import time

import audit
import under_load
from process import until
from under_load import SETTLE_LIMIT_S, Load

BUYERS = 4


def restart(cluster, buyers, name):
    """How long the node took to end."""
    under_load.spread(cluster, buyers, [other for other in cluster.names if other != name])
    with Load(buyers):
        begun = time.monotonic()
        assert cluster.stop(name) == 0, f"{name} did not end cleanly:\n{cluster.tail(name)}"
        took_s = time.monotonic() - begun
        cluster.start(name)
        cluster.ready(name)
        until(lambda: cluster.all_even(within=500), SETTLE_LIMIT_S, f"{name} has caught up")
    return took_s


def test(cluster, buyers, stock, _):
    for name in cluster.names:
        took_s = restart(cluster, buyers, name)
        tries = under_load.none_failed(buyers, f"{name} was restarted")
        print(f"{name}: ended within {took_s:.1f} s, {tries} requests so far, none failed", flush=True)
    audit.everything(cluster, buyers, stock, closely=True)
    print("every request was answered")


if __name__ == "__main__":
    under_load.main(__doc__, BUYERS, test)
