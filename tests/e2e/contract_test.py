"""The public API against its contract: what each call answers, refuses, repeats and leaves behind.

usage: contract_test.py PATH/TO/stoa
"""

import gzip
import json
import re
import socket
import sys
import threading
import unittest
import uuid
from collections import Counter

from process import DevNode, binary_from_command_line, until
from shop import ADDRESS, PASSWORD, Shop, order_of

BINARY = binary_from_command_line(__doc__)
UNKNOWN = "0" * 32
TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")


class ContractTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.node = DevNode(BINARY, ["--seed-products", "5"])
        cls.node.start()
        port = cls.node.http_port
        cls.customer, cls.merchant, cls.carrier, cls.admin = (
            Shop(port, f"{role}@demo.stoa") for role in ("customer", "merchant", "carrier", "admin"))
        cls.anyone = Shop(port)

    @classmethod
    def tearDownClass(cls):
        cls.hang_up()
        cls.node.remove()

    @classmethod
    def hang_up(cls):
        for shop in (cls.customer, cls.merchant, cls.carrier, cls.admin, cls.anyone):
            shop.close()

    def product(self, stock=5, **more):
        body = {"sku": str(uuid.uuid4()), "name": "Tested", "price": {"amount": 1999, "currency": "EUR"}, "stock": stock}
        return self.merchant.expect(201, "POST", "/v1/products", {**body, **more})

    def place(self, lines, method="tok_visa", key=None, prefer=None, shop=None):
        headers = {"Idempotency-Key": key or str(uuid.uuid4())}
        if prefer:
            headers["Prefer"] = prefer
        return (shop or self.customer).call("POST", "/v1/orders", order_of(lines, method), headers)

    def a_person(self):
        email = f"{uuid.uuid4()}@test.example"
        user = self.anyone.expect(201, "POST", "/v1/users", {"email": email, "password": PASSWORD, "name": "P"})
        return user, self.closed_at_the_end(Shop(self.node.http_port, email))

    def closed_at_the_end(self, shop):
        self.addCleanup(shop.close)
        return shop

    def same_principal(self, shop):
        """Another connection of the same user: a Shop is for one thread."""
        other = self.closed_at_the_end(Shop(shop.port, shop.email))
        other.token = shop.token
        return other

    def together(self, threads):
        for step in (threading.Thread.start, threading.Thread.join):
            for thread in threads:
                step(thread)

    def with_token(self, token):
        shop = self.closed_at_the_end(Shop(self.node.http_port))
        shop.token = token
        return shop

    def refused(self, answer, status, code):
        self.assertEqual((answer.status, answer.body["code"]), (status, code), answer)
        self.assertEqual(answer.headers["content-type"], "application/problem+json")
        self.assertTrue({"type", "title", "status", "code", "detail", "trace_id"} <= set(answer.body), answer)

    def stock_becomes(self, product, **wanted):
        path = f"/v1/products/{product['id']}/stock"
        until(lambda: wanted.items() <= self.merchant.expect(200, "GET", path).items(), 5, f"stock is {wanted}")

    def order_becomes(self, order, status):
        path = f"/v1/orders/{order['id']}"
        until(lambda: self.customer.expect(200, "GET", path)["status"] == status, 5, f"the order is {status}")

    def raw(self, request):
        """(status, header fields, body) of the answer to bytes as they are, on a connection of their own."""
        with socket.create_connection(("127.0.0.1", self.node.http_port), timeout=10) as wire:
            wire.sendall(request if isinstance(request, bytes) else request.encode())
            answer = b"".join(iter(lambda: wire.recv(65536), b""))
        head, _, body = answer.partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        fields = dict(line.lower().split(": ", 1) for line in lines[1:])
        return int(lines[0].split()[1]), fields, body

    def get(self, target, fields="", method="GET"):
        return self.raw(f"{method} {target} HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n{fields}\r\n")

    # Users and sessions

    def test_a_session_is_rotated_and_ends_with_a_stolen_token(self):
        _, person = self.a_person()
        login = self.anyone.expect(201, "POST", "/v1/sessions", {"email": person.email.upper(), "password": PASSWORD})
        self.assertEqual(set(login), {"access_token", "token_type", "expires_in", "refresh_token"})
        second = self.anyone.expect(201, "POST", "/v1/sessions/refresh", {"refresh_token": login["refresh_token"]})
        self.assertNotEqual(second["refresh_token"], login["refresh_token"])
        for token in (login, second):
            again = self.anyone.call("POST", "/v1/sessions/refresh", {"refresh_token": token["refresh_token"]})
            self.refused(again, 401, "unauthenticated")
        until(lambda: self.with_token(second["access_token"]).get("/v1/users/me").status == 401, 2, "the family's access tokens are refused")

    def test_a_login_with_a_key_is_repeated_and_one_without_is_new(self):
        _, person = self.a_person()
        body, key = {"email": person.email, "password": PASSWORD}, {"Idempotency-Key": str(uuid.uuid4())}
        first, again = (self.anyone.call("POST", "/v1/sessions", body, key) for _ in range(2))
        self.assertEqual((again.status, again.raw, again.headers["idempotency-replayed"]), (201, first.raw, "true"))
        without = [self.anyone.call("POST", "/v1/sessions", body).body["refresh_token"] for _ in range(2)]
        self.assertNotEqual(without[0], without[1])

    def test_who_logs_out_or_leaves_is_refused_at_once(self):
        for path in ("/v1/sessions/current", "/v1/users/me"):
            _, person = self.a_person()
            person.expect(200, "GET", "/v1/users/me")
            holder = self.with_token(person.token)
            self.assertEqual(holder.call("DELETE", path).status, 204)
            self.refused(holder.get("/v1/users/me"), 401, "unauthenticated")
            self.assertIn("Bearer", holder.get("/v1/users/me").headers["www-authenticate"])

    def test_an_admin_reads_users_and_gives_roles(self):
        user, person = self.a_person()
        self.assertEqual(user["role"], "customer")
        self.assertRegex(user["created_at"], TIME)
        path = f"/v1/users/{user['id']}"
        self.assertEqual(self.admin.expect(200, "GET", path), user)
        self.assertEqual(self.admin.expect(200, "PATCH", path, {"role": "merchant"})["role"], "merchant")
        self.assertEqual(person.expect(200, "PATCH", "/v1/users/me", {"name": "Q"})["name"], "Q")
        self.refused(person.get(path), 403, "forbidden")
        self.refused(self.admin.call("PATCH", path, {"role": "boss"}), 400, "validation_failed")
        self.refused(self.admin.get(f"/v1/users/usr_{UNKNOWN}"), 404, "not_found")
        twin = {"email": person.email.upper(), "password": PASSWORD, "name": "T"}
        self.refused(self.anyone.call("POST", "/v1/users", twin), 409, "email_taken")

    # Products

    def test_a_product_is_changed_only_by_who_has_seen_it(self):
        product = self.product(0)
        path = f"/v1/products/{product['id']}"
        answer = self.anyone.get(path)
        self.assertEqual(answer.body, product)
        tag = answer.headers["etag"]
        self.assertEqual(self.anyone.call("GET", path, None, {"If-None-Match": tag}).status, 304)
        self.refused(self.merchant.call("PATCH", path, {"name": "B"}), 428, "if_match_missing")
        self.refused(self.merchant.call("PATCH", path, {"name": "B"}, {"If-Match": '"77"'}), 412, "stale_version")
        changed = self.merchant.call("PATCH", path, {"name": "B"}, {"If-Match": tag})
        self.assertEqual((changed.status, changed.body["name"], changed.body["version"]), (200, "B", product["version"] + 1))
        self.refused(self.merchant.call("PATCH", path, {"name": "C"}, {"If-Match": tag}), 412, "stale_version")
        self.refused(self.merchant.call("DELETE", path, None, {"If-Match": tag}), 412, "stale_version")
        self.assertEqual(self.merchant.call("DELETE", path).status, 204)
        self.refused(self.anyone.get(path), 404, "not_found")

    def test_lists_filter_sort_and_go_on_where_they_stopped(self):
        category = str(uuid.uuid4())
        made = [self.product(0, category=category, price={"amount": a, "currency": "EUR"}) for a in (3, 1, 4, 1, 5, 9, 2)]
        path = f"/v1/products?category={category}"
        newest = [item["created_at"] for item in self.pages(path)]
        self.assertEqual(newest, sorted((p["created_at"] for p in made), reverse=True))
        self.assertEqual([item["price"]["amount"] for item in self.pages(path + "&sort=price")], [1, 1, 2, 3, 4, 5, 9])
        exact = self.anyone.expect(200, "GET", f"{path}&limit={len(made)}")
        self.assertEqual((len(exact["items"]), exact["next_cursor"]), (len(made), None))
        self.assertEqual(self.anyone.expect(200, "GET", f"/v1/products?merchant=usr_{UNKNOWN}")["items"], [])
        for query in ("limit=0", "limit=101", "limit=x", "sort=colour", "colour=red"):
            self.refused(self.anyone.get("/v1/products?" + query), 400, "validation_failed")
        self.refused(self.anyone.get("/v1/products?cursor=x"), 400, "invalid_cursor")

    def pages(self, path):
        found, cursor = [], ""
        while cursor is not None:
            page = self.anyone.expect(200, "GET", path + "&limit=2" + (f"&cursor={cursor}" if cursor else ""))
            found += page["items"]
            cursor = page["next_cursor"]
        return found

    def test_an_adjustment_counts_once_under_its_key(self):
        path = f"/v1/products/{self.product(5)['id']}/stock/adjustments"
        key, body = {"Idempotency-Key": str(uuid.uuid4())}, {"delta": 4, "reason": "found"}
        answers, threads = [], []
        for _ in range(6):
            shop = self.same_principal(self.merchant)
            threads.append(threading.Thread(target=lambda s=shop: answers.append(s.call("POST", path, body, key))))
        self.together(threads)
        self.assertEqual({(a.status, a.raw) for a in answers if a.status != 409}, {(201, answers[0].raw)}, answers)
        self.assertEqual(answers[0].body["on_hand"], 9)
        self.refused(self.merchant.call("POST", path, {"delta": 5, "reason": "found"}, key), 422, "idempotency_key_reused")
        self.refused(self.merchant.call("POST", path, {"delta": -10, "reason": "lost"}), 409, "out_of_stock")

    # Orders

    def test_the_last_pieces_are_sold_once(self):
        product, answers = self.product(10), []
        self.customer.get("/v1/orders")
        self.together([threading.Thread(target=lambda s=self.same_principal(self.customer): answers.append(
            self.place([(product["id"], 1)], shop=s))) for _ in range(64)])
        self.assertEqual(Counter(a.status for a in answers), {201: 10, 409: 54})
        self.stock_becomes(product, on_hand=0, reserved=0)

    def test_a_key_in_flight_is_said_to_be(self):
        product, key, answers = self.product(5), str(uuid.uuid4()), []
        self.customer.get("/v1/orders")
        self.together([threading.Thread(target=lambda s=self.same_principal(self.customer): answers.append(
            self.place([(product["id"], 1)], "tok_timeout", key, shop=s))) for _ in range(4)])
        self.assertEqual(Counter(a.status for a in answers), {201: 1, 409: 3})
        for answer in answers:
            if answer.status == 409:
                self.refused(answer, 409, "idempotency_in_flight")
                self.assertGreaterEqual(int(answer.headers["retry-after"]), 1)
        self.stock_becomes(product, on_hand=4, reserved=0)

    def test_recorded_answers_outlive_a_crash(self):
        product, answers = self.product(9), {}
        cases = {"visa": ([(product["id"], 1)], "tok_visa"), "declined": ([(product["id"], 1)], "tok_declined"),
                 "short": ([(product["id"], 99)], "tok_visa"), "unknown": ([(f"prd_{UNKNOWN}", 1)], "tok_visa")}
        run_id = str(uuid.uuid4())
        for name, (lines, method) in cases.items():
            answers[name] = self.place(lines, method, run_id + name)
        answers["async"] = self.place([(product["id"], 2)], "tok_visa", run_id + "async", "respond-async")
        self.assertEqual({n: a.status for n, a in answers.items()},
                         {"visa": 201, "declined": 402, "short": 409, "unknown": 422, "async": 202})
        self.assertEqual(answers["async"].headers["location"], f"/v1/orders/{answers['async'].body['id']}")
        self.node.kill()
        self.hang_up()
        self.node.start()
        cases["async"] = ([(product["id"], 2)], "tok_visa")
        for name, (lines, method) in cases.items():
            again = self.place(lines, method, run_id + name)
            self.assertEqual((again.status, again.raw), (answers[name].status, answers[name].raw), name)
            self.assertEqual(again.headers["idempotency-replayed"], "true")
            self.assertEqual(again.headers.get("location"), answers[name].headers.get("location"))
            self.assertEqual(again.headers.get("etag"), answers[name].headers.get("etag"))
        self.order_becomes(answers["async"].body, "confirmed")
        self.stock_becomes(product, on_hand=6, reserved=0)

    def test_an_order_that_outlasts_its_wait_is_202_for_ever(self):
        product, key = self.product(5), str(uuid.uuid4())
        first = self.place([(product["id"], 1)], "tok_timeout", key, "wait=1")
        self.assertEqual((first.status, first.body["status"]), (202, "pending"))
        self.order_becomes(first.body, "confirmed")
        again = self.place([(product["id"], 1)], "tok_timeout", key)
        self.assertEqual((again.status, again.raw), (202, first.raw))
        self.stock_becomes(product, on_hand=4, reserved=0)

    def test_tok_3ds_waits_for_the_customer(self):
        product = self.product(5)
        order = self.place([(product["id"], 1)], "tok_3ds")
        self.assertEqual((order.status, order.body["status"]), (202, "pending"))
        path = f"/v1/payments/{order.body['payment_id']}"
        self.assertEqual(self.customer.expect(200, "GET", path)["status"], "requires_action")
        self.assertEqual(self.customer.expect(200, "POST", path + "/confirm", {})["status"], "authorized")
        self.order_becomes(order.body, "confirmed")
        self.refused(self.customer.call("POST", path + "/confirm", {}), 409, "illegal_transition")

    def test_orders_out_of_bounds_are_refused(self):
        good, product = order_of([], "tok_visa"), self.product(5)["id"]
        other_currency = self.product(5, price={"amount": 1, "currency": "USD"})["id"]
        self.refused(self.place([(product, 1), (other_currency, 1)]), 422, "currency_mismatch")
        lines = [([], 400), ([(product, 1)] * 2, 400), ([(f"prd_{i:032x}", 1) for i in range(1001)], 400)]
        for bad, status in lines + [([(product, q)], 400) for q in (0, -1, 1001, 2**64, 1.5, "1", None)]:
            self.refused(self.place(bad), status, "validation_failed")
        faults = [{"shipping_address": {**ADDRESS, "country": "XX"}}, {"shipping_address": {**ADDRESS, "floor": 1}},
                  {"payment": {"method": "4242424242424242"}}, {"colour": 1}, {"lines": {}}, {"payment": None}]
        for fault in faults:
            body = {**good, "lines": [{"product_id": product, "quantity": 1}], **fault}
            self.refused(self.customer.call("POST", "/v1/orders", body, {"Idempotency-Key": "k"}), 400, "validation_failed")

    def test_only_owners_and_those_whose_work_it_is_see_an_order(self):
        order = self.place([(self.product(5)["id"], 1)]).body
        _, stranger = self.a_person()
        paths = [f"/v1/orders/{order['id']}", f"/v1/payments/{order['payment_id']}", f"/v1/shipments/{order['shipment_ids'][0]}"]
        seen = {shop: [shop.get(path).status for path in paths] for shop in (self.customer, self.admin, self.carrier, stranger,
                                                                             self.merchant, self.anyone)}
        self.assertEqual(list(seen.values()), [[200] * 3, [200] * 3, [404, 404, 200], [404] * 3, [404] * 3, [401] * 3])
        self.assertEqual(stranger.call("POST", paths[0] + "/cancel", {}).status, 404)
        self.assertEqual(self.customer.call("POST", paths[1] + "/capture", {}).status, 403)
        self.assertEqual(self.customer.call("POST", paths[2] + "/tracking", {}).status, 403)

    # Payments and shipments

    def test_money_goes_back_in_parts_and_never_beyond(self):
        order = self.place([(self.product(5)["id"], 2)]).body
        path = f"/v1/payments/{order['payment_id']}"
        self.refused(self.admin.call("POST", path + "/refunds", {}), 409, "illegal_transition")
        self.refused(self.admin.call("POST", path + "/capture", {"amount": 3999}), 400, "validation_failed")
        self.assertEqual(self.admin.expect(200, "POST", path + "/capture", {})["captured"]["amount"], 3998)
        key, part = {"Idempotency-Key": str(uuid.uuid4())}, {"amount": {"amount": 1000, "currency": "EUR"}}
        first, again = (self.admin.call("POST", path + "/refunds", part, key) for _ in range(2))
        self.assertEqual((first.status, first.raw, first.body["status"]), (200, again.raw, "partially_refunded"))
        self.refused(self.admin.call("POST", path + "/refunds", {"amount": 2999}), 400, "validation_failed")
        rest = self.admin.expect(200, "POST", path + "/refunds", {})
        self.assertEqual((rest["status"], rest["refunded"]["amount"]), ("refunded", 3998))
        self.assertEqual(sum(entry["amount"]["amount"] for entry in rest["ledger"]), 0)

    def test_a_shipment_never_goes_backwards(self):
        order = self.place([(self.product(5)["id"], 1)]).body
        path = f"/v1/shipments/{order['shipment_ids'][0]}"
        self.refused(self.track(path, "delivered"), 409, "illegal_transition")
        states = [self.track(path, s).body["status"] for s in ("in_transit", "in_transit", "delivered", "in_transit")]
        self.assertEqual(states, ["in_transit", "in_transit", "delivered", "delivered"])
        self.order_becomes(order, "delivered")
        self.assertEqual(self.customer.get(f"/v1/payments/{order['payment_id']}").body["status"], "captured")
        self.assertEqual(len(self.carrier.get(path).body["tracking"]), 4)
        self.refused(self.customer.call("POST", f"/v1/orders/{order['id']}/cancel", {}), 409, "illegal_transition")
        history = self.customer.get(f"/v1/orders/{order['id']}").body["history"]
        self.assertEqual([entry["seq"] for entry in history], list(range(1, len(history) + 1)))

    def track(self, path, status):
        return self.carrier.call("POST", path + "/tracking", {
            "status": status, "location": "Hub", "occurred_at": "2024-05-01T10:00:00Z"})

    # HTTP

    def test_every_error_is_a_problem(self):
        post = "POST /v1/sessions HTTP/1.1\r\nHost: s\r\nConnection: close\r\n"
        typed = post + "Content-Type: application/json\r\n"
        asked = [(self.get("/nowhere"), 404), (self.get("/v1/products", method="FOO"), 405),
                 (self.get("/v1/products", "Accept: text/csv\r\n"), 406),
                 (self.get("/v1/products", "Accept: application/json;q=0\r\n"), 406), (self.raw(typed + "\r\n"), 411),
                 (self.raw(typed + "Content-Length: 1048577\r\n\r\n"), 413), (self.get("/v1/products?q=" + "a" * 20000), 414),
                 (self.raw(post + "Content-Length: 2\r\n\r\n{}"), 415),
                 (self.raw(typed + "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}"), 415),
                 (self.get("/v1/products", "X-Long: " + "a" * 100000 + "\r\n"), 431)]
        for (status, fields, body), wanted in asked:
            self.assertEqual((status, fields["content-type"], json.loads(body)["status"]),
                             (wanted, "application/problem+json", wanted))
        self.assertEqual(asked[1][0][1]["allow"], "get, head, post, options")

    def test_json_is_taken_strictly(self):
        bodies = [b"", b"{", b"{} x", b'{"a":1,}', b'{"a":NaN}', b'{"a":1,"a":1}', b"[" * 64 + b"]" * 64, b'{"a":"\xff"}',
                  b'{"a":"\\ud800"}', b'{"a":01}']
        for body in bodies:
            head = f"POST /v1/sessions HTTP/1.1\r\nHost: s\r\nConnection: close\r\nContent-Type: application/json\r\n"
            status, _, answer = self.raw(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
            self.assertEqual((status, json.loads(answer)["code"]), (400, "malformed_json"), body)

    def test_headers_are_honoured(self):
        trace = "0af7651916cd43dd8448eb211c80319c"
        status, fields, body = self.get("/v1/nowhere", f"traceparent: 00-{trace}-b7ad6b7169203331-01\r\nX-Request-Id: mine-1\r\n")
        self.assertEqual((json.loads(body)["trace_id"], fields["x-request-id"]), (trace, "mine-1"))
        self.assertIn(trace, fields["traceparent"])
        plain, packed = self.get("/openapi.json"), self.get("/openapi.json", "Accept-Encoding: gzip\r\n")
        self.assertEqual((packed[1]["content-encoding"], gzip.decompress(packed[2])), ("gzip", plain[2]))
        head = self.get("/openapi.json", method="HEAD")
        self.assertEqual((head[0], head[1]["content-length"], head[2]), (200, str(len(plain[2])), b""))
        self.assertEqual(self.get("http://shop.example/v1/products?limit=1")[0], 200)

    def test_the_openapi_document_names_every_call(self):
        document = self.anyone.expect(200, "GET", "/openapi.json")
        self.assertTrue(document["openapi"].startswith("3.1"))
        calls = {(verb, path) for path, item in document["paths"].items() for verb in item}
        self.assertTrue({("post", "/v1/orders"), ("patch", "/v1/products/{id}"), ("post", "/v1/sessions/refresh")} <= calls)
        for path, item in document["paths"].items():
            if "get" in item and "{" not in path:
                self.assertIn(self.admin.get(path).status, (200, 404), path)

    # Admin

    def test_the_admin_port_shows_shards_invariants_and_actors(self):
        cluster = json.loads(self.node.admin("/v1/cluster")[1])
        self.assertEqual(Counter(s["service"] for s in cluster["shards"]),
                         {"catalog": 1, "user": 4, "product": 8, "order": 8, "payment": 4, "shipping": 4})
        for shard in cluster["shards"]:
            self.assertEqual(shard["leader"], cluster["nodes"][0]["name"])
            self.assertEqual(set(shard), {"service", "shard", "leader", "term", "applied", "replicas"})
        until(lambda: self.invariants()["ok"], 15, "the invariants hold")
        view = json.loads(self.node.admin("/v1/inspect")[1])
        self.assertRegex(view["at"], TIME)
        for actor in view["actors"]:
            self.assertTrue({"id", "name", "service", "shard", "depth", "oldest_ms", "handled", "rate", "busy", "last"} <= set(actor))
            self.assertTrue(0 <= actor["busy"] <= 1, actor)

    def invariants(self):
        found = json.loads(self.node.admin("/v1/invariants")[1])
        self.assertFalse([i for i in found["invariants"] if i["violations"]], found)
        return found

    def test_the_metrics_have_their_names(self):
        text = self.node.admin("/metrics")[1]
        for name in ("http_requests_total", "http_request_duration_seconds", "http_in_flight", "actor_mailbox_depth",
                     "actor_messages_total", "actor_busy_seconds_total", "shard_is_leader", "shard_commit_duration_seconds",
                     "shard_batch_size", "shard_applied_index", "shard_entries_skipped_total", "saga_open", "saga_oldest_seconds",
                     "journal_sync_duration_seconds", "breaker_state", "invariant_violations_total", "build_info"):
            self.assertIn(f"# TYPE stoa_{name} ", text)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
