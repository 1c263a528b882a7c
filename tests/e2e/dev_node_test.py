"""`stoa dev` as a newcomer meets it: started, bought from, asked nonsense, stopped, started again.

usage: dev_node_test.py PATH/TO/stoa
"""

import json
import re
import subprocess
import sys
import unittest
import uuid
from pathlib import Path

from process import DevNode, binary_from_command_line, until
from shop import Shop, order_of

BINARY = binary_from_command_line(__doc__)
RESTART_LIMIT_S = 3.0


class DevNodeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.node = DevNode(BINARY, ["--seed-products", "20"])
        cls.node.start()
        cls.customer = Shop(cls.node.http_port, "customer@demo.stoa")
        cls.merchant = Shop(cls.node.http_port, "merchant@demo.stoa")
        cls.anyone = Shop(cls.node.http_port)

    @classmethod
    def tearDownClass(cls):
        cls.node.remove()

    def product(self, stock):
        return self.merchant.expect(201, "POST", "/v1/products", {
            "sku": str(uuid.uuid4()), "name": "Tested", "price": {"amount": 1999, "currency": "EUR"}, "stock": stock})

    def place(self, lines, method="tok_visa", key=None):
        return self.customer.place(key or str(uuid.uuid4()), order_of(lines, method))

    def refused(self, answer, status, code):
        self.assertEqual((answer.status, answer.body["code"]), (status, code), answer)
        self.assertEqual(answer.headers["content-type"], "application/problem+json")
        self.assertTrue({"type", "title", "status", "code", "detail", "trace_id"} <= set(answer.body), answer)

    def test_the_demo_shop_has_its_products(self):
        products = self.anyone.items("/v1/products")
        self.assertGreaterEqual(len(products), 20)

    def test_the_printed_curl_lines_work(self):
        text = until(lambda: (found := Path(self.node.log).read_text()).count("curl ") >= 3 and found, 10, "three curl lines")
        lines = [line.strip() for line in re.sub(r"\\\n\s*", " ", text).splitlines() if re.search(r"\bcurl ", line)]
        script = "set -eo pipefail\n" + "\n".join(lines)
        done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr + script)
        self.assertIn("ord_", done.stdout)
        self.assertNotIn('"code"', done.stdout)

    def test_an_order_is_confirmed_with_stock_money_and_parcel(self):
        product = self.product(5)
        answer = self.place([(product["id"], 2)])
        self.assertEqual(answer.status, 201, answer)
        order = answer.body
        self.assertEqual((order["status"], order["total"]["amount"]), ("confirmed", 3998))
        self.assertEqual(self.customer.expect(200, "GET", f"/v1/orders/{order['id']}")["id"], order["id"])
        payment = self.customer.expect(200, "GET", f"/v1/payments/{order['payment_id']}")
        self.assertEqual((payment["status"], payment["amount"]["amount"]), ("authorized", 3998))
        shipment = self.customer.expect(200, "GET", f"/v1/shipments/{order['shipment_ids'][0]}")
        self.assertEqual(shipment["status"], "booked")
        self.stock_becomes(product, on_hand=3, reserved=0)

    def stock_becomes(self, product, **wanted):
        path = f"/v1/products/{product['id']}/stock"
        until(lambda: wanted.items() <= self.merchant.expect(200, "GET", path).items(), 10, f"stock is {wanted}")

    def test_a_cancelled_order_gives_everything_back(self):
        product = self.product(5)
        order = self.place([(product["id"], 2)]).body
        cancelled = self.customer.expect(200, "POST", f"/v1/orders/{order['id']}/cancel", {})
        self.assertEqual(cancelled["status"], "cancelled")
        self.stock_becomes(product, on_hand=5, reserved=0)
        path = f"/v1/payments/{order['payment_id']}"
        until(lambda: self.customer.expect(200, "GET", path)["status"] == "voided", 10, "the payment is voided")

    def test_the_same_key_has_the_same_answer(self):
        product, key = self.product(5), str(uuid.uuid4())
        first = self.place([(product["id"], 1)], key=key)
        again = self.place([(product["id"], 1)], key=key)
        self.assertEqual((again.status, again.raw), (201, first.raw))
        self.assertEqual(again.headers["idempotency-replayed"], "true")
        self.refused(self.place([(product["id"], 2)], key=key), 422, "idempotency_key_reused")
        self.stock_becomes(product, on_hand=4)

    def test_what_cannot_be_sold_is_refused(self):
        product = self.product(5)
        self.refused(self.place([(product["id"], 6)]), 409, "out_of_stock")
        self.refused(self.place([(product["id"], 1)], "tok_declined"), 402, "payment_declined")
        unknown = product["id"][:-12] + "000000000000"
        self.refused(self.place([(unknown, 1)]), 422, "unknown_product")
        for lines in ([], [(product["id"], 0)], [(product["id"], -1)], [(product["id"], 2**70)], [(product["id"], 1001)],
                      [(product["id"], 1), (product["id"], 1)]):
            self.refused(self.place(lines), 400, "validation_failed")
        self.stock_becomes(product, on_hand=5, reserved=0)

    def test_bad_input_changes_nothing_and_is_a_problem(self):
        raw = [("{", 400), ("[" * 64 + "]" * 64, 400), ('{"email": "\xff"}'.encode("latin-1"), 400), ("x" * 2 * 1024 * 1024, 413),
               ('{"email": "a@b.example", "password": "correct-horse-battery", "colour": 1}', 400)]
        for body, status in raw:
            self.assertEqual(self.raw_post("/v1/sessions", body), status, body[:60])
        self.refused(self.anyone.get("/v1/orders"), 401, "unauthenticated")
        self.refused(self.anyone.get("/v1/nothing"), 404, "not_found")
        wrong_method = self.anyone.call("PUT", "/v1/products", {})
        self.assertEqual(wrong_method.status, 405)
        self.assertIn("GET", wrong_method.headers["allow"])
        self.refused(self.customer.call("POST", "/v1/orders", order_of([])), 400, "idempotency_key_missing")
        order = self.place([(self.product(1)["id"], 1)]).body
        self.refused(self.merchant.get(f"/v1/orders/{order['id']}"), 404, "not_found")

    def raw_post(self, path, body):
        """The status that curl sees: bytes as they are, on a connection of their own."""
        data = body if isinstance(body, bytes) else body.encode()
        done = subprocess.run(
            ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-H", "Content-Type: application/json", "-H", "Expect:",
             "--data-binary", "@-", f"http://127.0.0.1:{self.node.http_port}{path}"], input=data, capture_output=True, timeout=30)
        return int(done.stdout)

    def test_the_inspector_attaches(self):
        done = subprocess.run([BINARY, "inspect", "--once", "--json", "--attach", f"127.0.0.1:{self.node.admin_port}"],
                              capture_output=True, text=True, timeout=30)
        self.assertEqual(done.returncode, 0, done.stderr)
        actors = json.loads(done.stdout)["actors"]
        self.assertTrue(any(actor["service"] == "order" for actor in actors), actors[:3])

    def test_the_admin_port_tells_health_and_metrics(self):
        self.assertEqual(self.node.admin("/livez")[0], 200)
        self.assertIn("stoa_http_requests_total", self.node.admin("/metrics")[1])

    def test_no_secret_is_logged(self):
        self.anyone.call("POST", "/v1/sessions", {"email": "customer@demo.stoa", "password": "open-sesame-please"})
        log = Path(self.node.log).read_text()
        self.assertNotIn("open-sesame-please", log)
        self.assertNotIn(self.customer.token or "no token", log)

    def test_zz_a_stopped_node_finds_its_data_again(self):
        order = self.place([(self.product(5)["id"], 1)]).body
        self.assertEqual(self.node.stop(), 0)
        took = self.node.start()
        self.assertLess(took, RESTART_LIMIT_S)
        self.assertEqual(self.customer_again().expect(200, "GET", f"/v1/orders/{order['id']}")["status"], "confirmed")

    def customer_again(self):
        self.customer.close()
        return self.customer


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
