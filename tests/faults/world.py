"""A cluster, its customers and its load: what every fault acts on, and what is looked at after each."""

import json
import random
import threading
import time
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone

import audit
import disks
import gaps
from crash_test import make_products
from customer import Customer, order_shard
from machines import NAMES, Machines
from network import Network
from process import until
from shop import Lost, order_of
from traffic import Traffic
from wiretap import Wiretap

ORDER_SHARDS = 8
SETTLE_LIMIT_S = 90
UNDER_LOAD = 100  # entries that are on their way at any moment
CHECK_LIMIT_S = 30


class World:
    """`rate`: checkouts a second. `prepare`: what is done to the cluster before it starts."""

    def __init__(self, binary, seed, rate=40, secured=True, prepare=None):
        self.chance = random.Random(seed)
        self.rate = rate
        network = Network(NAMES)
        self.wiretap = Wiretap(network.cable(NAMES[1]))  # which is dialed by the first
        self.cluster = Machines(binary, network, secured)
        if prepare:
            prepare(self.cluster)
        self.cluster.start()
        self.cluster.ready()
        self.cluster.make_merchant()
        self.stock = make_products(self.cluster)
        self.customers = self._one_customer_a_shard()
        self.traffic = None
        self.wiretap.close()

    def greetings(self):
        """What was said first to a node that was dialed, before TLS had a say."""
        return [] if self.cluster.secured else self.wiretap.said_to(self.cluster.ports[NAMES[1]]["cluster"])

    def close(self):
        """Ends every node, cleanly."""
        for name in self.cluster.names:
            assert self.cluster.stop(name) == 0, f"SIGTERM did not end {name} cleanly"
        disks.unmount(self.cluster)
        self.cluster.remove()
        self.cluster.network.close()

    def _one_customer_a_shard(self):
        found, number = {}, 0
        anyone = self.cluster.shop()
        product = next(iter(self.stock))
        while len(found) < ORDER_SHARDS:
            one = Customer(len(found), self.cluster.shop(f"fault-{number}@e2e.stoa"))
            number += 1
            one.register(anyone)
            declined = one.shop.place(f"first-{number}", order_of([(product, 1)], "tok_declined"))
            assert declined.status == 402, declined
            first, = one.shop.items("/v1/orders")
            found.setdefault(order_shard(first["id"], ORDER_SHARDS), one)
        anyone.close()
        return list(found.values())

    @contextmanager
    def load(self):
        """The load is on inside; outside everything has its answer, and none of them was wrong."""
        for customer in self.customers:
            customer.keep_logged_in()
        self.traffic = Traffic(self.cluster, self.customers, list(self.stock), self.chance, self.rate)
        self.traffic.begin()
        try:
            yield self.traffic
        finally:
            self.traffic.end()
        wrong = self.traffic.doors.wrong
        assert not wrong, f"{len(wrong)} wrong answers:\n" + "\n".join(wrong[:20])

    def back(self):
        """Everyone is there again, and nearly up to date: under load they never are quite."""
        self.settled(within=UNDER_LOAD)

    @staticmethod
    def watch(seconds):
        """Lets the load run on."""
        threading.Event().wait(seconds)

    def excuse(self, *names):
        """These gateways need not answer from now on."""
        self.traffic.doors.excused.update(names)

    def settled(self, within=0):
        """Everyone is there again, and has what the others have but for so many entries a shard."""
        self.cluster.ready()
        until(lambda: self.cluster.all_even(within), SETTLE_LIMIT_S, "every shard is led and its replicas are even")

    def report(self, what, struck, until_when):
        """The line that is printed of a fault; `struck` to `until_when` by the monotonic clock."""
        answered, counts = self.traffic.answered, self.traffic.doors.counts
        shop_s = gaps.of_shop(answered, struck, until_when)
        worst_s = gaps.of_worst_customer(answered, struck, until_when)
        late_s = max((p.answered_at - p.due for c in self.customers for p in c.attempts[c.audited:] if p.answered_at), default=0)
        busy = {status: counts[status] for status in (202, 503, 507) if counts[status]}
        return Report(f"{what}: gap {shop_s:.2f} s, of the worst shard {worst_s:.2f} s, latest answer after {late_s:.1f} s, "
                      f"{len(answered)} orders decided, {busy or 'no 503'}", shop_s, worst_s)

    def aftermath(self, invariants=True):
        """Everything that was acknowledged is there exactly once, and every replica agrees."""
        begun = datetime.now(timezone.utc)
        self.settled()
        for customer in self.customers:
            self._same_answers(customer)
        audit.everything(self.cluster, self.customers, self.stock, closely=False)
        if invariants:
            for name in self.cluster.names:
                self._invariants_hold(name, begun)
            until(self.cluster.all_even, SETTLE_LIMIT_S, "every replica is even after the audit")

    def _same_answers(self, customer):
        """Every key of this round is answered again, byte for byte, by another gateway."""
        for attempt in customer.attempts[customer.audited:]:
            shop = customer.shop
            shop.close()
            shop.host, shop.port = self._some_door()
            again = until(lambda a=attempt: self._placed(shop, a), SETTLE_LIMIT_S, f"{attempt.key} is answered again")
            known = attempt.answer
            assert (again.status, again.raw) == (known.status, known.raw), f"{attempt.key}: {known}, and now {again}"
            assert again.headers.get("idempotency-replayed") == "true", f"{attempt.key} ran again: {again}"
            if known.status == 202:
                attempt.ended = until(lambda a=attempt: self._ended(shop, a), SETTLE_LIMIT_S, f"{known.body['id']} ends")

    def _some_door(self):
        name = self.chance.choice(self.cluster.names)
        return self.cluster.hosts[name], self.cluster.ports[name]["http"]

    @staticmethod
    def _placed(shop, attempt):
        try:
            answer = shop.place(attempt.key, attempt.order)
        except Lost:
            return None
        return answer if answer.status != 503 else None

    @staticmethod
    def _ended(shop, attempt):
        order = shop.expect(200, "GET", f"/v1/orders/{attempt.answer.body['id']}")
        return order if order["status"] != "pending" else None

    def _invariants_hold(self, name, begun):
        """As that node's replicas see it, by a check that began after the fault."""
        since = (begun - timedelta(milliseconds=1)).strftime("%Y-%m-%dT%H:%M:%S.%f")[:23] + "Z"
        seen = {}

        def checked():
            status, text = self.cluster.admin("/v1/invariants", name)
            seen.update(json.loads(text) if status == 200 else {})
            return seen.get("invariants") and all((one["checked_at"] or "") >= since for one in seen["invariants"])

        until(checked, CHECK_LIMIT_S, lambda: f"{name} checked its invariants: {seen}")
        assert seen["ok"] and not any(one["violations"] for one in seen["invariants"]), f"{name}: {seen}"


class Report:
    def __init__(self, line, shop_s, worst_s):
        self.line, self.shop_s, self.worst_s = line, shop_s, worst_s


now = time.monotonic
