"""One customer of the crash test: buys and cancels under load, and remembers every try and every answer."""

import threading
import time
import uuid

from shop import Lost, Shop, order_of

METHODS = ["tok_visa"] * 8 + ["tok_declined", "tok_flaky"]
FINAL = {201, 402, 409, 422}


class Attempt:
    """One idempotency key: what was sent under it, and the answer that a client got, if it got one."""

    def __init__(self, order):
        self.key = str(uuid.uuid4())
        self.order = order
        self.answer = None
        self.answered_at = None  # by the monotonic clock, under load
        self.cancelled = False  # a cancel was acknowledged
        self.cancelling = False  # a cancel was sent, its answer is unknown

    @property
    def confirmed(self):
        return self.answer is not None and self.answer.status == 201

    @property
    def said(self):
        """The confirmed order, as its customer was told."""
        return self.answer.body


def is_final(answer):
    """A decision, which is recorded under the key; anything else may be asked again."""
    return answer.status in FINAL and (answer.status != 409 or answer.body["code"] == "out_of_stock")


class Buyer:
    """run() in a thread of its own; the rest between the runs."""

    def __init__(self, port, number, products, chance):
        self.shop = Shop(port, f"crash-{number}@e2e.stoa")
        self.products = products
        self.chance = chance
        self.attempts = []
        self.audited = 0  # how many of them were looked at after an earlier crash

    def go_to(self, port):
        """Another gateway; the token goes along."""
        self.shop.close()
        self.shop.port = port

    def register(self):
        anyone = Shop(self.shop.port)
        anyone.expect(201, "POST", "/v1/users", {"email": self.shop.email, "password": self.shop.password, "name": "Crash"})
        anyone.close()

    def run(self, stopped: threading.Event):
        """Buys until the node goes away or the round is over."""
        try:
            while not stopped.is_set():
                if self.chance.random() < 0.1:
                    self._cancel_one()
                else:
                    self._buy()
        except Lost:
            self.shop.close()

    def _buy(self):
        chosen = self.chance.sample(self.products, self.chance.randint(1, 3))
        lines = [(product, self.chance.randint(1, 3)) for product in chosen]
        attempt = Attempt(order_of(lines, self.chance.choice(METHODS)))
        self.attempts.append(attempt)
        answer = self.shop.place(attempt.key, attempt.order)
        if is_final(answer):
            attempt.answer = answer
            attempt.answered_at = time.monotonic()

    def _cancel_one(self):
        confirmed = [a for a in self.attempts if a.confirmed and not a.cancelled and not a.cancelling]
        if confirmed:
            self._cancel(self.chance.choice(confirmed))

    def _cancel(self, attempt):
        attempt.cancelling = True
        answer = self.shop.call("POST", f"/v1/orders/{attempt.said['id']}/cancel", {},
                                {"Idempotency-Key": f"cancel-{attempt.key}"})
        if answer.status == 200:
            attempt.cancelled, attempt.cancelling = True, False

    def settle(self, again):
        """After a restart: every new try gets its answer under its old key, every known answer is given again.

        `again` calls a function until it returns something true.
        """
        older = self.attempts[:self.audited]
        sample = self.chance.sample(older, min(20, len(older))) + [a for a in older if a.cancelling]
        for attempt in sample + self.attempts[self.audited:]:
            known = attempt.answer
            answer = again(lambda a=attempt: self._asked(a), f"key {attempt.key} is answered")
            attempt.answer = answer
            if known is not None:
                assert answer.status == known.status, f"{attempt.key} was answered {known}, and now {answer}"
                assert answer.raw == known.raw, f"{attempt.key} was answered {known}, and now {answer}"
                assert answer.headers.get("idempotency-replayed") == "true", f"{attempt.key} ran again: {answer}"
            if attempt.cancelling:
                again(lambda a=attempt: self._cancel(a) or a.cancelled, f"the order of {attempt.key} is cancelled")

    def _asked(self, attempt):
        try:
            answer = self.shop.place(attempt.key, attempt.order)
        except Lost:
            return None
        return answer if is_final(answer) else None
