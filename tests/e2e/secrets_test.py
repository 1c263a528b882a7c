"""A node's secrets: what it hands out lies nowhere readable on its disk, and a damaged file of its own is noticed.

usage: secrets_test.py PATH/TO/stoa
"""

import subprocess
import sys
import unittest
import uuid
from pathlib import Path

from process import DevNode, binary_from_command_line
from shop import PASSWORD, Shop

BINARY = binary_from_command_line(__doc__)


class SecretsTest(unittest.TestCase):
    def setUp(self):
        self.node = DevNode(BINARY, ["--seed-products", "1"])
        self.addCleanup(self.node.remove)
        self.node.start()
        self.data = Path(self.node.home) / "data"
        self.anyone = Shop(self.node.http_port)
        self.addCleanup(lambda: self.anyone.close())

    def keyed_login(self, key):
        body = {"email": "customer@demo.stoa", "password": PASSWORD}
        return self.anyone.call("POST", "/v1/sessions", body, {"Idempotency-Key": key})

    def test_tokens_are_repeated_under_a_key_and_lie_nowhere_on_the_disk(self):
        key = str(uuid.uuid4())
        first = self.keyed_login(key)
        self.assertEqual(first.status, 201)
        for stop in (self.node.kill, self.node.stop):
            stop()
            self.anyone.close()
            for path in (p for p in self.data.rglob("*") if p.is_file()):
                content = path.read_bytes()
                for token in (first.body["access_token"], first.body["refresh_token"], PASSWORD):
                    self.assertFalse(token.encode() in content, path)
            self.node.start()
            again = self.keyed_login(key)
            self.assertEqual((again.status, again.raw, again.headers["idempotency-replayed"]), (201, first.raw, "true"))

    def test_a_damaged_token_is_refused_at_start_by_its_name(self):
        self.assertEqual(self.node.stop(), 0)
        path = self.data / "admin.token"
        good = path.read_bytes()
        for at in (0, len(good) // 2, len(good) - 1):
            path.write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1:])
            ended = subprocess.run([self.node.binary, "dev", "--data", self.data, "--http-port", str(self.node.http_port),
                                    "--admin-port", str(self.node.admin_port)], capture_output=True, text=True, timeout=60)
            self.assertEqual(ended.returncode, 1, ended)
            self.assertEqual(len(ended.stderr.splitlines()), 1, ended.stderr)
            self.assertIn("admin.token: is damaged", ended.stderr)
        path.write_bytes(good)
        self.node.start()


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
