"""An open load: so many checkouts, reads and cancels a second begin at any gateway, whatever becomes of those before.

A request without an answer is repeated with its key at another gateway until it has one. What was acknowledged must be
seen by everyone from then on.
"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from buyer import METHODS, is_final
from customer import Purchase
from doors import Doors
from shop import order_of

THREADS = 700
GIVE_UP_S = 90  # nothing heals that late
PAUSE_S = 0.1  # before the next gateway is asked
RECENT = 60


class Traffic:
    def __init__(self, cluster, customers, products, chance, rate):
        self.customers, self.products, self.chance, self.rate = customers, products, chance, rate
        self.names = cluster.names
        self.doors = Doors(cluster)
        self.answered = []  # (when, number of the customer) of every order that was decided
        self.known = []  # purchases that everyone must see
        self.stopped = threading.Event()
        self.pool = ThreadPoolExecutor(THREADS)
        self.asked = []
        self.clock = threading.Thread(target=self._arrivals)

    def begin(self):
        self.clock.start()

    def end(self):
        """No more arrivals; returns when all that was begun has an answer."""
        self.stopped.set()
        self.clock.join()
        for one in self.asked:
            one.result()
        self.pool.shutdown()
        self.doors.close()

    def _arrivals(self):
        pause, begun, number = threading.Event(), time.monotonic(), 0
        while not self.stopped.is_set():
            due = begun + number / self.rate
            pause.wait(max(0.0, due - time.monotonic()))
            customer = self.customers[number % len(self.customers)]
            number += 1
            self._buy_soon(customer, due)
            if number % 2 == 0 and self.known:
                self._soon(self._read, self._chosen(), self.chance.choice(self.names))
            if number % 16 == 0 and self.known:
                self._soon(self._cancel, self._chosen(), self._walk())

    def _soon(self, work, *arguments):
        self.asked.append(self.pool.submit(work, *arguments))

    def _buy_soon(self, customer, due):
        chosen = self.chance.sample(self.products, self.chance.randint(1, 3))
        lines = [(product, self.chance.randint(1, 3)) for product in chosen]
        purchase = Purchase(order_of(lines, self.chance.choice(METHODS)), due)
        purchase.customer = customer
        customer.attempts.append(purchase)
        self._soon(self._buy, purchase, self._walk())

    def _walk(self):
        """The gateways in the order in which they are asked."""
        return self.chance.sample(self.names, len(self.names))

    def _chosen(self):
        return self.chance.choice(self.known[-RECENT:] if self.chance.random() < 0.7 else self.known)

    def _until_answered(self, what, walk, ask, final):
        """Asks one gateway after the other until one gives a final answer; None when that takes too long or is wrong."""
        pause, end, tries = threading.Event(), time.monotonic() + GIVE_UP_S, 0
        while time.monotonic() < end:
            answer = ask(walk[tries % len(walk)])
            tries += 1
            if answer is not None and final(answer):
                return answer
            if not self.doors.may_ask_again(answer, what):
                return None
            pause.wait(PAUSE_S)
        self.doors.blame(f"{what}: not answered within {GIVE_UP_S} s")
        return None

    def _buy(self, purchase, walk):
        customer = purchase.customer
        answer = self._until_answered(
            f"order of {purchase.key}", walk,
            lambda name: self.doors.ask(name, customer.shop.token, "POST", "/v1/orders", purchase.order,
                                        {"Idempotency-Key": purchase.key}),
            lambda got: is_final(got) or got.status == 202)
        if answer is None:
            return
        purchase.answer = answer
        purchase.answered_at = time.monotonic()
        if answer.status in (201, 202):
            purchase.told(answer.body["version"])
            self.known.append(purchase)
        if answer.status != 202:
            self.answered.append((purchase.answered_at, customer.number))

    def _read(self, purchase, name):
        floor, cancelled = purchase.newest, purchase.cancelled
        path = f"/v1/orders/{purchase.answer.body['id']}"
        answer = self.doors.ask(name, purchase.customer.shop.token, "GET", path)
        if answer is None or answer.status != 200:
            self.doors.may_ask_again(answer, f"GET {path} at {name}")
            return
        order = answer.body
        purchase.told(order["version"])
        if order["version"] < floor:
            self.doors.blame(f"GET {path} at {name}: version {order['version']} after {floor} was told")
        if cancelled and order["status"] != "cancelled":
            self.doors.blame(f"GET {path} at {name}: {order['status']} after the cancel was acknowledged")
        if purchase.answer.status == 201 and order["lines"] != purchase.answer.body["lines"]:
            self.doors.blame(f"GET {path} at {name}: other lines than were confirmed")

    def _cancel(self, purchase, walk):
        with purchase.lock:
            if purchase.answer.status != 201 or purchase.cancelling or purchase.cancelled:
                return
            purchase.cancelling = True
        path = f"/v1/orders/{purchase.answer.body['id']}/cancel"
        answer = self._until_answered(
            path, walk,
            lambda name: self.doors.ask(name, purchase.customer.shop.token, "POST", path, {},
                                        {"Idempotency-Key": f"cancel-{purchase.key}"}),
            lambda got: got.status == 200)
        if answer is not None:
            purchase.told(answer.body["version"])
            purchase.cancelled, purchase.cancelling = True, False
