"""The catalog of a single node, as its operator meets it: settings set, watched and rolled back; keys taken over and
rotated; members shown, and what cannot be refused.

usage: catalog_test.py PATH/TO/stoa
"""

import base64
import http.client
import json
import os
import subprocess
import sys
import unittest
from pathlib import Path

from process import DevNode, binary_from_command_line, until
from shop import Shop

BINARY = binary_from_command_line(__doc__)
# A second where the machine is not busy with other things.
APPLIED_WITHIN_S = 3.0
# RFC 8032, 7.1, test 1.
SEED = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
PUBLIC = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class CatalogTest(unittest.TestCase):
    def setUp(self):
        self.node = DevNode(BINARY, ["--seed-products", "2"])
        self.data = Path(self.node.home) / "data"

    def tearDown(self):
        self.node.remove()

    def stoa(self, *words, token=True):
        """(exit code, stdout, stderr) of a command that asks the node."""
        environment = {k: v for k, v in os.environ.items() if k != "STOA_ADMIN_TOKEN_FILE"}
        if token:
            environment["STOA_ADMIN_TOKEN_FILE"] = str(self.data / "admin.token")
        command = [self.node.binary, *words, "--attach", f"127.0.0.1:{self.node.admin_port}"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment)
        return done.returncode, done.stdout, done.stderr

    def done(self, *words):
        code, out, err = self.stoa(*words)
        self.assertEqual((code, err), (0, ""), words)
        return out

    def admin(self, method, path, body=None, headers=None):
        """(status, headers, document) with the admin token."""
        token = (self.data / "admin.token").read_text().strip()
        connection = http.client.HTTPConnection("127.0.0.1", self.node.admin_port, timeout=10)
        connection.request(method, path, None if body is None else json.dumps(body),
                           {"Authorization": "Bearer " + token, "Content-Type": "application/json", **(headers or {})})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, answer.headers, json.loads(text) if text else None

    def once(self, path):
        """The answer to a GET of anyone's, on a connection of its own."""
        anyone = Shop(self.node.http_port)
        answer = anyone.get(path)
        anyone.close()
        return answer

    def jwks(self):
        return self.once("/.well-known/jwks.json").body["keys"]

    def logged_in(self):
        """A client that has its token and cannot get another."""
        customer = Shop(self.node.http_port, "customer@demo.stoa")
        customer.login()
        customer.email = None
        customer.close()
        return customer

    def test_a_setting_is_changed_at_once_kept_and_rolled_back(self):
        self.node.start()
        self.assertIn("limits.rate.address", self.done("config", "get"))
        self.assertEqual(self.done("config", "get", "limits.rate.address"), "off\n")
        out = self.done("config", "set", "limits.rate.address", "1000000/s")
        self.assertIn("version 1", out)

        def limited():
            return "ratelimit" in self.once("/v1/products").headers
        until(limited, APPLIED_WITHIN_S, "the gateway goes by the new limit")
        self.done("config", "set", "limits.max_in_flight", "2000")

        self.node.kill()
        self.node.start()
        self.assertEqual(self.done("config", "get", "limits.max_in_flight"), "2000\n")
        until(limited, APPLIED_WITHIN_S, "the limit is there after a crash")

        self.done("config", "rollback", "0")
        until(lambda: not limited(), APPLIED_WITHIN_S, "the limit is gone")
        self.assertEqual(self.done("config", "get", "limits.max_in_flight"), "1024\n")
        history = json.loads(self.done("config", "history", "--json"))["items"]
        self.assertEqual([v["version"] for v in history], [3, 2, 1])
        self.assertEqual(history[0]["rolled_back_to"], 0)
        self.assertEqual(history[2]["changes"], [{"key": "limits.rate.address", "from": None, "to": "1000000/s"}])

    def test_what_cannot_be_set_is_told(self):
        self.node.start()
        code, _, err = self.stoa("config", "set", "limits.max_in_flight", "0")
        self.assertEqual(code, 2)
        self.assertIn("/limits/max_in_flight: must be a whole number", err)
        self.assertEqual(self.stoa("config", "get", "limits.colour")[0], 2)
        self.assertEqual(self.stoa("config", "rollback", "9")[0], 1)
        code, _, err = self.stoa("config", "set", "log.level", "debug", token=False)
        self.assertEqual(code, 2)
        self.assertIn("--token-file", err)
        status, headers, problem = self.admin("PATCH", "/v1/config", {"limits": {"rate": {"user": 5}}, "colour": 1})
        self.assertEqual((status, headers["Content-Type"]), (400, "application/problem+json"))
        self.assertEqual(sorted(e["pointer"] for e in problem["errors"]), ["/colour", "/limits/rate/user"])

    def test_a_change_honours_the_version(self):
        self.node.start()
        status, headers, document = self.admin("GET", "/v1/config")
        self.assertEqual((status, headers["ETag"], document["version"]), (200, '"0"', 0))
        change = {"log": {"level": "error"}, "limits": {"rate": {"user": "50/s"}}}
        status, headers, document = self.admin("PATCH", "/v1/config", change, {"If-Match": '"0"'})
        self.assertEqual((status, headers["ETag"]), (200, '"1"'))
        self.assertEqual(sorted(document["set"]), ["limits.rate.user", "log.level"])
        self.assertEqual(self.admin("PATCH", "/v1/config", change, {"If-Match": '"0"'})[0], 412)
        self.assertEqual(self.admin("PATCH", "/v1/config", {"log": {"level": None}})[2]["set"], ["limits.rate.user"])

    def test_the_keys_of_data_from_before_the_catalog_are_taken_over(self):
        self.data.mkdir(mode=0o700)
        for name, text in (("signing.key", "stoa-ed25519 " + base64url(SEED)), ("gateway.secret", "A" * 43)):
            (self.data / name).touch(mode=0o600)
            (self.data / name).write_text(text + "\n")
        self.node.start()
        self.assertEqual([key["x"] for key in self.jwks()], [base64url(PUBLIC)])
        until(lambda: not (self.data / "signing.key").exists(), 5, "the plain key is gone")
        until(lambda: not (self.data / "gateway.secret").exists(), 5, "the plain secret is gone")
        customer = self.logged_in()
        self.node.kill()
        self.node.start()
        self.assertEqual([key["x"] for key in self.jwks()], [base64url(PUBLIC)])
        customer.expect(200, "GET", "/v1/users/me")
        customer.close()
        for file in self.data.rglob("*"):
            if file.is_file():
                self.assertNotIn(SEED, file.read_bytes(), file)

    def test_a_new_key_is_published_before_it_signs(self):
        self.node.start()
        old = self.jwks()
        customer = self.logged_in()
        self.done("cluster", "rotate-keys")
        until(lambda: len(self.jwks()) == 2, APPLIED_WITHIN_S, "the new key is published")
        self.assertEqual(self.jwks()[0], old[0])
        customer.expect(200, "GET", "/v1/users/me")
        customer.close()
        status, _, keys = self.admin("GET", "/v1/cluster/keys")
        self.assertEqual((status, keys["keys"][0]["id"]), (200, old[0]["kid"]))
        self.assertIsNotNone(keys["keys"][0]["until"])
        code, _, err = self.stoa("cluster", "rotate-keys")
        self.assertEqual(code, 1)
        self.assertIn("does not sign yet", err)

    def test_a_lost_master_key_costs_the_sessions_and_nothing_else(self):
        self.node.start()
        old = self.jwks()
        self.node.stop()
        (self.data / "master.key").unlink()
        with self.assertRaises(AssertionError) as ended:
            self.node.start()
        self.assertIn("secrets.master_key_file", str(ended.exception))
        (self.data / "master.key").write_bytes(base64.b64encode(b"k" * 32) + b"\n")
        self.node.launch()
        until(lambda: self.says("sealed with the master key"), 60, "the node says which key it lacks")
        self.assertEqual(self.once("/v1/products").status, 503)
        self.done("cluster", "rotate-keys", "--master-key-lost")
        until(lambda: self.says("\nok"), 10, "the node is ready")
        self.assertNotEqual(self.jwks(), old)
        customer = self.logged_in()
        customer.expect(200, "GET", "/v1/users/me")
        customer.close()

    def says(self, text):
        try:
            return text in self.node.admin("/readyz?verbose")[1]
        except OSError:
            return False

    def test_the_cluster_of_one_is_shown_and_keeps_its_node(self):
        self.node.start()
        status = self.done("cluster", "status")
        self.assertIn("cluster dev: 29 shards, 0 without a leader, 0 on the move", status)
        self.assertIn("catalog/0", self.done("cluster", "shards"))
        for words in (("drain", "dev"), ("remove", "dev"), ("remove", "dev", "--force"), ("drain", "nobody")):
            code, out, err = self.stoa("cluster", *words)
            self.assertEqual((code, out), (1, ""), words)
            self.assertEqual(err.count("\n"), 1, err)
        self.assertEqual(self.stoa("cluster", "move", "product", "dev", "dev")[0], 2)
        code, _, err = self.stoa("cluster", "move", "product/3", "dev", "dev")
        self.assertEqual(code, 2)
        self.assertIn("/to: ", err)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
