"""Three real nodes, each as on a machine of its own: its namespace, its address, its certificate."""

import subprocess
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "e2e"))

from cluster import Cluster  # noqa: E402

DEV = Path(__file__).resolve().parents[2] / "dev"
NAMES = ("n1", "n2", "n3")


class Machines(Cluster):
    """`secured`: mutual TLS between them; otherwise the cluster port is in the clear."""

    def __init__(self, binary, network, secured=True):
        self.network, self.secured = network, secured
        tls = {"tls": {"ca": "certs/ca.pem", "cert": "certs/{name}.pem", "key": "certs/{name}.key"}} if secured else {}
        super().__init__(binary, NAMES, hosts={name: network.hosts[name] for name in NAMES}, **tls)
        self.certify(*(f"{name}={host}" for name, host in self.hosts.items()))

    def certify(self, *names, folder="certs"):
        """Keys and certificates by the authority of that folder, which is made when it is not there."""
        subprocess.run([str(DEV), "certs", str(Path(self.home, folder)), *names], check=True, stdout=subprocess.DEVNULL)

    def command(self, name):
        options = [] if self.secured else ["--insecure-cluster"]
        return [*self.network.within(name), *super().command(name), *options]

    def leader_of_most(self):
        leads = self.leads()
        return max(self.living(), key=lambda name: leads[name]), leads

    def others(self, name):
        return [other for other in self.names if other != name]
