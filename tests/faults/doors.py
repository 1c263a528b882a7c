"""What the driver asks the gateways, and which answers are right while a fault is on: late or 503, never wrong."""

import threading
from collections import Counter

from shop import Lost, Shop

# The gateway promises an answer within ten seconds when an order waits five.
PATIENCE_S = 13


class Doors:
    """Kept connections to every gateway; any thread."""

    def __init__(self, cluster):
        self.cluster = cluster
        self.idle = {name: [] for name in cluster.names}
        self.lock = threading.Lock()
        self.excused = set()  # gateways that may fail to answer: they are dead or stopped
        self.wrong = []  # what must not have been answered
        self.counts = Counter()

    def ask(self, name, token, method, path, body=None, headers=None):
        """An Answer; None where the connection broke."""
        with self.lock:
            shop = self.idle[name].pop() if self.idle[name] else self._new(name)
        shop.token = token
        try:
            answer = shop.call(method, path, body, headers)
        except Lost as lost:
            self.counts["lost"] += 1
            if name not in self.excused:
                self.blame(f"{method} {path} at {name}: no answer from a gateway that lives: {lost}")
            return None
        with self.lock:
            self.idle[name].append(shop)
        self.counts[answer.status] += 1
        return answer

    def _new(self, name):
        shop = Shop(self.cluster.ports[name]["http"], host=self.cluster.hosts[name])
        shop.patience_s = PATIENCE_S
        return shop

    def blame(self, what):
        self.wrong.append(what)

    def may_ask_again(self, answer, what):
        """Whether it is an honest "not now"; anything else is written down as wrong."""
        if answer is None:
            return True
        honest = (answer.status in (503, 409) and "retry-after" in answer.headers) or answer.status == 507
        if honest and answer.status == 409 and answer.body["code"] != "idempotency_in_flight":
            honest = False
        if not honest:
            self.blame(f"{what}: {answer}")
        return honest

    def close(self):
        with self.lock:
            for shops in self.idle.values():
                while shops:
                    shops.pop().close()
