"""Compares what the shop says now with what its customers were told: the invariants I1 to I6, through HTTP alone."""

from collections import Counter

from process import until

# What a saga held is given back within this time.
RELEASE_LIMIT_S = 10
# The node checks its own invariants again at least this often.
CHECK_LIMIT_S = 30


def everything(node, buyers, initial_stock, closely):
    """`closely`: every order there ever was with its payment and shipment, not only the new ones."""
    sold = Counter()
    for buyer in buyers:
        orders_of(buyer, 0 if closely else buyer.audited)
        buyer.audited = len(buyer.attempts)
        for attempt in buyer.attempts:
            if attempt.confirmed and not attempt.cancelled:
                sold.update(units(attempt.order))
        buyer.shop.close()
    stock(node, initial_stock, sold)
    own_invariants(node)


def units(order):
    """{product id: quantity}"""
    return Counter({line["product_id"]: line["quantity"] for line in order["lines"]})


def orders_of(buyer, first):
    """Every acknowledged order exactly once, and nothing else was sold; those from attempt `first` on in every part."""
    listed = buyer.shop.items("/v1/orders")
    ids = [order["id"] for order in listed]
    assert len(ids) == len(set(ids)), f"{buyer.shop.email}: an order is listed twice"
    promised = {attempt.said["id"]: attempt for attempt in buyer.attempts if attempt.confirmed}
    sold_ids = {order["id"] for order in listed if order["status"] not in ("rejected", "pending")}
    assert sold_ids == set(promised), (
        f"{buyer.shop.email}: lost {set(promised) - sold_ids}, sold without a promise {sold_ids - set(promised)}")
    pending = [order["id"] for order in listed if order["status"] == "pending"]
    assert not pending, f"{buyer.shop.email}: still pending although every key was answered: {pending}"
    for attempt in buyer.attempts[first:]:
        if attempt.confirmed:
            order = buyer.shop.expect(200, "GET", f"/v1/orders/{attempt.said['id']}")
            order_is_sound(buyer.shop, order, attempt)


def order_is_sound(shop, order, attempt):
    wanted, got = units(attempt.order), units(order)
    assert wanted == got, f"{order['id']}: ordered {wanted}, has {got}"
    assert order["status"] == ("cancelled" if attempt.cancelled else "confirmed"), f"{order['id']} is {order['status']}"
    total = sum(line["quantity"] * line["unit_price"]["amount"] for line in order["lines"])
    assert order["total"]["amount"] == total, f"{order['id']}: total {order['total']} of {total}"
    said = attempt.said
    for field in ("lines", "total", "payment_id", "shipment_ids"):
        assert order[field] == said[field], f"{order['id']}: {field} was {said[field]} and is {order[field]}"
    assert [event["seq"] for event in order["history"]] == list(range(1, len(order["history"]) + 1)), order["history"]
    payment_is_sound(shop, order)
    assert order["shipment_ids"], f"{order['id']} has no shipment"
    for shipment_id in order["shipment_ids"]:
        follows(shop, f"/v1/shipments/{shipment_id}", "cancelled" if attempt.cancelled else "booked")


def payment_is_sound(shop, order):
    path = f"/v1/payments/{order['payment_id']}"
    payment = follows(shop, path, "voided" if order["status"] == "cancelled" else "authorized")
    assert payment["order_id"] == order["id"] and payment["amount"] == order["total"], payment
    amounts = {field: (payment[field] or {"amount": 0})["amount"] for field in ("amount", "captured", "refunded")}
    assert amounts["captured"] <= amounts["amount"] and amounts["refunded"] <= amounts["captured"], payment
    sums = Counter()
    for entry in payment["ledger"]:
        sums[entry["amount"]["currency"]] += entry["amount"]["amount"]
    assert not any(sums.values()), f"{payment['id']}: the ledger does not add up to nothing: {payment['ledger']}"


def follows(shop, path, status):
    """The object, once it has the status: what follows a decision comes behind it."""
    last = {}

    def arrived():
        last.update(shop.expect(200, "GET", path))
        return last["status"] == status

    until(arrived, RELEASE_LIMIT_S, f"{path} is {status}")
    return last


def stock(node, initial, sold):
    merchant = node.shop("merchant@demo.stoa")
    for product, began in initial.items():
        last = {}

        def settled(path=f"/v1/products/{product}/stock"):
            last.update(merchant.expect(200, "GET", path))
            return last["reserved"] == 0 and last["on_hand"] == began - sold[product]

        until(settled, RELEASE_LIMIT_S,
              lambda name=product, had=began: f"{name}: began with {had}, sold {sold[name]}, nothing reserved: {last}")
        assert last["available"] == last["on_hand"] >= 0, f"{product}: {last}"
    merchant.close()


def own_invariants(node):
    """What the nodes say of themselves, each of its own replicas, checked after its start."""
    def checked():
        found = [one for document in node.invariants() for one in document["invariants"]]
        ids = {one["id"] for one in found if one["checked_at"]}
        return found if {"I1", "I2", "I3"} <= ids else None

    found = until(checked, CHECK_LIMIT_S, "/v1/invariants was checked")
    assert not any(one["violations"] for one in found), found
