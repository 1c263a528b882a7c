"""A customer whose orders all belong to one shard, and what was tried and answered under each key."""

import threading
import time

from buyer import Attempt
from shop import PASSWORD

TOKEN_LIFE_S = 240  # of the ten minutes that the shop gives


class Purchase(Attempt):
    def __init__(self, order, due):
        super().__init__(order)
        self.due = due  # when it was to be sent, by the monotonic clock
        self.ended = None  # the order as it came out, where 202 was the answer
        self.newest = 0  # the highest version that anyone was told of
        self.lock = threading.Lock()

    @property
    def confirmed(self):
        return super().confirmed or (self.ended is not None and self.ended["status"] in ("confirmed", "cancelled"))

    @property
    def said(self):
        return self.ended or self.answer.body

    @property
    def known(self):
        """Its customer was told of an order, confirmed or pending: from then on everyone must find it."""
        return self.answer is not None and self.answer.status in (201, 202)

    def told(self, version):
        with self.lock:
            self.newest = max(self.newest, version)


class Customer:
    def __init__(self, number, shop):
        self.number = number
        self.shop = shop  # for the audit, between the faults
        self.attempts = []
        self.audited = 0
        self.logged_in = None

    def register(self, anyone):
        anyone.expect(201, "POST", "/v1/users", {"email": self.shop.email, "password": PASSWORD, "name": "Fault"})
        self.log_in()

    def log_in(self):
        self.shop.login()
        self.logged_in = time.monotonic()

    def keep_logged_in(self):
        if time.monotonic() - self.logged_in > TOKEN_LIFE_S:
            self.log_in()


def order_shard(order_id, shards):
    """The shard that an id names: the 12 bits behind the version digit of its UUID are the slot."""
    return int(order_id.split("_")[1][13:16], 16) % shards
