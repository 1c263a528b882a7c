"""A client of the shop's public API: one connection, one principal. One thread."""

import http.client
import json
import time

PASSWORD = "correct-horse-battery"
KEPT_S = 60  # an unused connection; a gateway closes it after 75, perhaps just when it is used again
ADDRESS = {"name": "Ada Test", "line1": "Street 1", "city": "Town", "postal_code": "1000", "country": "DE"}


class Lost(Exception):
    """The connection broke: whether the request had an effect is unknown."""


class Answer:
    def __init__(self, status, headers, raw):
        self.status = status
        self.headers = headers
        self.raw = raw

    @property
    def body(self):
        return json.loads(self.raw) if self.raw else None

    def __repr__(self):
        return f"{self.status} {self.raw[:300]!r}"


class Shop:
    def __init__(self, port, email=None, password=PASSWORD, host="127.0.0.1"):
        self.host = host
        self.port = port
        self.email = email
        self.password = password
        self.token = None
        self.connection = None
        self.used_at = 0
        self.patience_s = 15

    def call(self, method, path, body=None, headers=None):
        """An Answer, or Lost. Logs in first, and again when the token has expired."""
        if self.email and not self.token:
            self.login()
        answer = self._send(method, path, body, headers)
        if answer.status == 401 and self.email:
            self.login()
            answer = self._send(method, path, body, headers)
        return answer

    def get(self, path):
        return self.call("GET", path)

    def expect(self, status, method, path, body=None, headers=None):
        answer = self.call(method, path, body, headers)
        if answer.status != status:
            raise AssertionError(f"{method} {path}: wanted {status}, got {answer}")
        return answer.body

    def login(self):
        answer = self._send("POST", "/v1/sessions", {"email": self.email, "password": self.password}, None)
        if answer.status != 201:
            raise Lost(f"no session for {self.email}: {answer}")
        self.token = answer.body["access_token"]

    def place(self, key, order):
        return self.call("POST", "/v1/orders", order, {"Idempotency-Key": key})

    def items(self, path):
        """All items of a list, page by page."""
        cursor, found = None, []
        while True:
            page = self.expect(200, "GET", path + "?limit=100" + (f"&cursor={cursor}" if cursor else ""))
            found += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return found

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def _send(self, method, path, body, headers):
        sent = dict(headers or {})
        if self.token:
            sent["Authorization"] = "Bearer " + self.token
        data = None
        if body is not None:
            sent["Content-Type"] = "application/json"
            data = json.dumps(body)
        if time.monotonic() - self.used_at > KEPT_S:
            self.close()
        self.used_at = time.monotonic()
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection(self.host, self.port, timeout=self.patience_s)
            self.connection.request(method, path, data, sent)
            answer = self.connection.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        except (OSError, http.client.HTTPException) as broken:
            self.close()
            raise Lost(str(broken)) from broken


def order_of(lines, method="tok_visa"):
    """The body of an order; lines are (product id, quantity)."""
    return {"lines": [{"product_id": product, "quantity": quantity} for product, quantity in lines],
            "shipping_address": ADDRESS, "payment": {"method": method}}
