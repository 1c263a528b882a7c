"""Kills the real process with kill -9 at random moments under load, ten times over, and looks for what was promised.

Every acknowledged order is there, exactly once, with its stock, its money and its parcel; every key is answered as
before; the node's own invariants hold. A failure prints its seed and keeps the data directory.

usage: crash_test.py PATH/TO/stoa [SEED] [ROUNDS]
"""

import random
import sys
import threading
import time

import audit
from buyer import Buyer
from process import DevNode, binary_from_command_line, until

BUYERS = 8
PRODUCTS = 12
STOCK = 100_000
SCARCE_STOCK = 40  # the last product is sold out on the way
SETTLE_LIMIT_S = 60


def make_products(node):
    """{product id: stock it began with}"""
    merchant = node.shop("merchant@demo.stoa")
    stock = {}
    for number in range(PRODUCTS):
        units = SCARCE_STOCK if number == PRODUCTS - 1 else STOCK
        made = merchant.expect(201, "POST", "/v1/products", {
            "sku": f"crash-{number}", "name": f"Crash {number}", "price": {"amount": 100 + number, "currency": "EUR"},
            "stock": units})
        stock[made["id"]] = units
    merchant.close()
    return stock


def load_until_killed(node, buyers, alive_s):
    """All buyers at once; the process is killed that many seconds later."""
    stopped = threading.Event()
    threads = [threading.Thread(target=buyer.run, args=(stopped,)) for buyer in buyers]
    for thread in threads:
        thread.start()
    stopped.wait(alive_s)
    node.kill()
    stopped.set()
    for thread in threads:
        thread.join()


def one_round(node, buyers, chance):
    before = sum(attempt.confirmed for buyer in buyers for attempt in buyer.attempts)
    load_until_killed(node, buyers, chance.uniform(0.2, 2.5))
    took = node.start()
    for buyer in buyers:
        buyer.settle(lambda ask, what: until(ask, SETTLE_LIMIT_S, what))
    confirmed = sum(attempt.confirmed for buyer in buyers for attempt in buyer.attempts)
    assert confirmed > before, "nothing was bought in this round: the crash proves nothing"
    return f"{confirmed - before} orders, ready again after {took:.1f} s"


def main():
    binary = binary_from_command_line(__doc__)
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else int(time.time())
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 10
    chance = random.Random(seed)
    node = DevNode(binary, ["--seed-products", "0"])
    print(f"seed {seed}, data in {node.home}", flush=True)
    try:
        node.start()
        stock = make_products(node)
        buyers = [Buyer(node.http_port, n, list(stock), random.Random(chance.random())) for n in range(BUYERS)]
        for buyer in buyers:
            buyer.register()
        for number in range(rounds):
            print(f"round {number + 1}: {one_round(node, buyers, chance)}", flush=True)
            audit.everything(node, buyers, stock, closely=number == rounds - 1)
        assert node.stop() == 0, "SIGTERM did not end the node cleanly"
    except BaseException:
        print(f"FAILED with seed {seed}; data and log are kept in {node.home}", flush=True)
        if node.child is not None and node.child.poll() is None:
            node.kill()
        raise
    node.remove()
    print("every acknowledged order is there, exactly once")


if __name__ == "__main__":
    main()
