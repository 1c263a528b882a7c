"""A cluster whose nodes host different services, one of them without a gateway: everything is there through a gateway that
hosts nothing of an order, and what an operator asks for wrongly is told in one line.

usage: services_test.py PATH/TO/stoa
"""

import json
import random
import socket
import sys
import unittest
from pathlib import Path

import audit
from buyer import Buyer
from cluster import Cluster
from crash_test import make_products
from process import binary_from_command_line, free_ports, until

BINARY = binary_from_command_line(__doc__)
NODES = {"n1": {"services": ["user", "order"]},
         "n2": {"services": ["product", "shipping", "order"], "gateway": False},
         "n3": {"services": ["payment"]}}


class ServicesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster(BINARY, nodes=NODES)
        cls.cluster.start()
        cls.cluster.ready()

    @classmethod
    def tearDownClass(cls):
        cls.cluster.remove()

    def config(self, change):
        """The file as somebody else wrote it."""
        document = json.loads(self.cluster.config.read_text())
        change(document)
        other = Path(self.cluster.home, "other.json")
        other.write_text(json.dumps(document))
        return str(other)

    def refused(self, code, what, *words):
        said = self.cluster.operate(*words, code=code)
        self.assertEqual(said.count("\n"), 1, said)
        self.assertIn(what, said)

    def test_a_gateway_serves_what_others_host(self):
        cluster = self.cluster
        held = {shard["service"]: {replica["node"] for replica in shard["replicas"]} for shard in cluster.document()["shards"]}
        self.assertEqual((held["order"], held["payment"], held["product"]), ({"n1", "n2"}, {"n3"}, {"n2"}))
        cluster.make_merchant()
        stock = make_products(cluster)
        buyer = Buyer(cluster.ports["n3"]["http"], 0, list(stock), random.Random(1))
        buyer.register()
        for _ in range(20):
            buyer._buy()
        buyer._cancel_one()
        self.assertTrue(any(attempt.confirmed for attempt in buyer.attempts))
        self.assertTrue(all(attempt.answer for attempt in buyer.attempts))
        audit.everything(cluster, [buyer], stock, closely=True)

    def test_a_node_without_a_gateway_is_ready_and_does_not_listen(self):
        said = self.cluster.admin("/readyz?verbose", "n2")[1]
        self.assertIn("shard product/0", said)
        self.assertNotIn("shard payment/0", said)
        with socket.socket() as client:
            self.assertNotEqual(client.connect_ex(("127.0.0.1", self.cluster.ports["n2"]["http"])), 0)

    def test_what_only_one_node_hosts_stays_there(self):
        self.refused(1, "no other living node could take payment/0", "drain", "n3")
        self.refused(2, "/to: \"n1\" is no living node that hosts the service", "move", "product/0", "n2", "n1")

    def test_a_node_that_cannot_join_is_told_why(self):
        node = {"name": "n4", "host": "127.0.0.1", "data": "data/n4", "cluster_port": 1, "http_port": 2, "admin_port": 3}

        def join(name, change, code, what):
            config = self.config(lambda document: (document["nodes"].append(dict(node)), change(document)))
            self.refused(code, what, "join", name, "--config", config)

        def taken(document):
            ports = [entry["cluster_port"] for entry in document["nodes"]]
            document["nodes"][0]["cluster_port"], document["nodes"][3]["cluster_port"] = ports[3], ports[0]

        join("n5", lambda _: None, 2, "there is no node named \"n5\"")
        join("n4", lambda document: document.update(cluster="other"), 2, "/cluster: this is the cluster \"e2e\"")
        join("n4", lambda document: document.update(shards={"order": 4}), 2, "/shards/order: the cluster was made with 8")
        join("n4", taken, 2, "/cluster_port: n1 is reached at this address")
        join("n1", lambda document: document["nodes"][0].update(http_port=4), 1, "node_name_taken")

    def test_a_member_is_let_in_once(self):
        self.assertIn("belongs to the cluster already",
                      self.cluster.operate("join", "n1", "--config", str(self.cluster.config)))

    def test_what_is_not_there_is_told_by_its_name(self):
        self.refused(1, "there is no node \"n9\"", "drain", "n9")
        self.refused(1, "there is no node \"n9\"", "remove", "n9", "--force")
        self.refused(1, "there is no shard order/99", "move", "order/99", "n1", "n2")
        self.refused(1, "n1 still holds replicas", "remove", "n1")

    def test_a_second_node_of_a_name_is_told_in_both_logs(self):
        cluster_port, http_port, admin_port = free_ports(3)
        config = self.config(lambda document: document["nodes"][1].update(
            data="data/double", cluster_port=cluster_port, http_port=http_port, admin_port=admin_port))
        cluster, first = self.cluster, self.cluster.children["n2"]
        right, cluster.config = cluster.config, Path(config)
        try:
            cluster.start("n2")
            what = "there is another live node by the name n2"
            for name in ("n2", "n3"):
                until(lambda n=name: what in Path(cluster.log(n)).read_text(), 20, f"{name} says that there are two")
        finally:
            cluster.kill("n2")
            cluster.children["n2"], cluster.config = first, right


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
