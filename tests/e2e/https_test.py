"""The public API over TLS, as a client meets it; the certificates are made here.

usage: https_test.py PATH/TO/stoa
"""

import http.client
import json
import re
import socket
import ssl
import subprocess
import sys
import unittest
from pathlib import Path

from cluster import Cluster
from process import binary_from_command_line
from shop import PASSWORD

BINARY = binary_from_command_line(__doc__)
LARGE = 2_000_000  # bytes, more than a body may have


def make_certificate(home, name):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                    "-keyout", f"{home}/{name}.key", "-out", f"{home}/{name}.pem", "-subj", "/CN=shop",
                    "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)


class HttpsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster(BINARY, names=("n1",), http_tls={"cert": "shop.pem", "key": "shop.key"})
        make_certificate(cls.cluster.home, "shop")
        make_certificate(cls.cluster.home, "other")
        cls.cluster.start()
        cls.cluster.ready()
        cls.port = cls.cluster.ports["n1"]["http"]

    @classmethod
    def tearDownClass(cls):
        cls.cluster.remove()

    def context(self):
        context = ssl.create_default_context(cafile=f"{self.cluster.home}/shop.pem")
        context.set_alpn_protocols(["h2", "http/1.1"])
        return context

    def raw(self, context=None):
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        return (context or self.context()).wrap_socket(plain, server_hostname="127.0.0.1")

    def client(self):
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=10, context=self.context())

    def get(self, client, path):
        client.request("GET", path)
        answer = client.getresponse()
        return answer.status, answer.read()

    def serves(self):
        client = self.client()
        self.addCleanup(client.close)
        return self.get(client, "/v1/products")[0] == 200

    def test_a_connection_carries_one_request_after_another(self):
        client = self.client()
        self.addCleanup(client.close)
        first = self.get(client, "/openapi.json")
        used = client.sock
        self.assertEqual(first[0], 200)
        self.assertGreater(len(first[1]), 16 << 10)  # more than a record of TLS
        for _ in range(50):
            self.assertEqual(self.get(client, "/openapi.json"), first)
        self.assertIs(client.sock, used)
        self.assertEqual(used.selected_alpn_protocol(), "http/1.1")

    def test_requests_that_come_together_are_answered_in_their_order(self):
        with self.raw() as connection:
            request = "GET {} HTTP/1.1\r\nHost: a\r\n{}\r\n"
            connection.sendall((request.format("/v1/products", "") * 3
                                + request.format("/nothing", "Connection: close\r\n")).encode())
            said = b"".join(iter(lambda: connection.recv(1 << 16), b""))
        self.assertEqual(re.findall(rb"HTTP/1\.1 (\d+) ", said), [b"200", b"200", b"200", b"404"])

    def test_a_body_is_asked_for_before_it_is_sent(self):
        body = json.dumps({"email": "expects@e2e.stoa", "password": PASSWORD, "name": "E"}).encode()
        with self.raw() as connection:
            connection.sendall(b"POST /v1/users HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                               b"Expect: 100-continue\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body))
            self.assertTrue(connection.recv(100).startswith(b"HTTP/1.1 100 "))
            connection.sendall(body)
            said = b"".join(iter(lambda: connection.recv(1 << 16), b""))
        self.assertTrue(said.startswith(b"HTTP/1.1 201 "), said)

    def test_a_refusal_reaches_who_still_sends(self):
        with self.raw() as connection:
            connection.sendall(b"POST /v1/users HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                               b"Content-Length: %d\r\n\r\n" % LARGE)
            connection.sendall(b" " * 100_000)
            self.assertTrue(connection.recv(1 << 16).startswith(b"HTTP/1.1 413 "))

    def test_who_speaks_no_tls_is_let_go_and_harms_nobody(self):
        for opening in (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", b"\x16\x03\x01\x40\x00" + b"\xff" * 100, b"\0" * 20_000):
            # The second announces more than it sends, and is waited for as long as a request's head may take.
            with socket.create_connection(("127.0.0.1", self.port), timeout=30) as plain:
                plain.sendall(opening)
                try:
                    said = b"".join(iter(lambda: plain.recv(1 << 16), b""))
                except ConnectionResetError:
                    said = b""
                self.assertNotIn(b"HTTP/1.1", said)
        self.assertTrue(self.serves())

    def test_who_leaves_in_the_middle_harms_nobody(self):
        for sent in (b"", b"GET /openapi.json HTTP/1.1\r\n", b"GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n"):
            for _ in range(20):
                connection = self.raw()
                if sent:
                    connection.sendall(sent)
                connection.close()
        self.assertTrue(self.serves())

    def test_an_old_version_is_refused(self):
        context = self.context()
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
        context.set_ciphers("ALL:@SECLEVEL=0")
        with self.assertRaises(ssl.SSLError):
            self.raw(context)

    def test_a_certificate_that_cannot_be_served_is_told_at_start(self):
        home = self.cluster.home
        Path(home, "garbage.pem").write_text("no certificate")
        for tls, what in (({"cert": "garbage.pem", "key": "shop.key"}, "garbage.pem: no certificate can be read"),
                          ({"cert": "shop.pem", "key": "garbage.pem"}, "garbage.pem: no key of"),
                          ({"cert": "shop.pem", "key": "other.key"}, "other.key: ")):
            document = json.loads(self.cluster.config.read_text())
            document["http_tls"] = tls
            other = Path(home, "other.json")
            other.write_text(json.dumps(document))
            done = subprocess.run([BINARY, "node", "--config", str(other), "--name", "n1"], capture_output=True, text=True,
                                  timeout=30)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
            self.assertIn("/http_tls: ", done.stderr)
            self.assertIn(what, done.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
