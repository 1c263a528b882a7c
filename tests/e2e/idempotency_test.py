"""What an Idempotency-Key binds, and what it does not: an answer that is not recorded leaves its key free.

usage: idempotency_test.py PATH/TO/stoa
"""

import sys
import unittest
import uuid

from process import DevNode, binary_from_command_line
from shop import PASSWORD, Shop, order_of

BINARY = binary_from_command_line(__doc__)
MOST = 10**12  # minor units, of any amount


class IdempotencyTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.node = DevNode(BINARY, ["--seed-products", "1"])
        cls.node.start()
        cls.anyone, cls.customer, cls.merchant = (
            Shop(cls.node.http_port, email) for email in (None, "customer@demo.stoa", "merchant@demo.stoa"))

    @classmethod
    def tearDownClass(cls):
        for shop in (cls.anyone, cls.customer, cls.merchant):
            shop.close()
        cls.node.remove()

    def post(self, shop, path, body, key):
        return shop.call("POST", path, body, {"Idempotency-Key": key})

    def product(self, amount=1999, sku=None):
        body = {"sku": sku or str(uuid.uuid4()), "name": "Tested", "price": {"amount": amount, "currency": "EUR"}, "stock": 9}
        return self.merchant.expect(201, "POST", "/v1/products", body)

    def person(self):
        body = {"email": f"{uuid.uuid4()}@test.example", "password": PASSWORD, "name": "P"}
        self.anyone.expect(201, "POST", "/v1/users", body)
        return body

    def leaves_its_key_free(self, shop, path, refused, status, good):
        """`refused` is answered so again and again, never replayed; then `good` may have the key, and keeps it."""
        key = str(uuid.uuid4())
        for _ in range(2):
            answer = self.post(shop, path, refused, key)
            self.assertEqual(answer.status, status, answer)
            self.assertNotIn("idempotency-replayed", answer.headers)
        first, again = (self.post(shop, path, good, key) for _ in range(2))
        self.assertEqual((first.status, again.status, again.raw), (201, 201, first.raw), first)
        self.assertEqual(again.headers["idempotency-replayed"], "true")
        self.assertEqual(self.post(shop, path, refused, key).status, 422)

    def test_a_repeat_may_write_out_a_default(self):
        key, path = str(uuid.uuid4()), "/v1/products"
        body = {"sku": str(uuid.uuid4()), "name": "Tested", "price": {"amount": 0, "currency": "EUR"}}
        first = self.post(self.merchant, path, body, key)
        self.assertEqual(first.status, 201)
        for same in ({**body, "stock": 0}, {**body, "stock": None}, {"description": None, **body}):
            again = self.post(self.merchant, path, same, key)
            self.assertEqual((again.status, again.raw, again.headers["idempotency-replayed"]), (201, first.raw, "true"))
        self.assertEqual(self.post(self.merchant, path, {**body, "stock": 1}, key).status, 422)

    def test_an_order_of_too_much_money_is_refused_and_not_recorded(self):
        dear, cheap = self.product(MOST)["id"], self.product()["id"]
        self.leaves_its_key_free(self.customer, "/v1/orders", order_of([(dear, 2)]), 400, order_of([(cheap, 1)]))
        stock = self.merchant.expect(200, "GET", f"/v1/products/{dear}/stock")
        self.assertEqual((stock["on_hand"], stock["reserved"]), (9, 0))

    def test_a_taken_sku_leaves_its_key_free(self):
        taken = {"sku": self.product()["sku"], "name": "Twin", "price": {"amount": 1, "currency": "EUR"}}
        self.leaves_its_key_free(self.merchant, "/v1/products", taken, 409, {**taken, "sku": str(uuid.uuid4())})

    def test_a_taken_email_leaves_its_key_free(self):
        taken = self.person()
        self.leaves_its_key_free(self.anyone, "/v1/users", taken, 409, {**taken, "email": f"{uuid.uuid4()}@test.example"})

    def test_a_wrong_password_leaves_its_key_free(self):
        login = {"email": self.person()["email"], "password": PASSWORD}
        self.leaves_its_key_free(self.anyone, "/v1/sessions", {**login, "password": "not-" + PASSWORD}, 401, login)

    def test_a_stolen_refresh_token_is_refused_and_not_recorded(self):
        login = self.anyone.expect(201, "POST", "/v1/sessions", {"email": self.person()["email"], "password": PASSWORD})
        body, key = {"refresh_token": login["refresh_token"]}, str(uuid.uuid4())
        first, again = (self.post(self.anyone, "/v1/sessions/refresh", body, key) for _ in range(2))
        self.assertEqual((first.status, again.raw), (201, first.raw))
        key = str(uuid.uuid4())
        for _ in range(2):
            stolen = self.post(self.anyone, "/v1/sessions/refresh", body, key)
            self.assertEqual(stolen.status, 401)
            self.assertNotIn("idempotency-replayed", stolen.headers)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
