"""Three real nodes, each as on a machine of its own: its namespace, its address, its certificate."""

import subprocess
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "e2e"))

from cluster import Cluster  # noqa: E402
from network import Network  # noqa: E402

DEV = Path(__file__).resolve().parents[2] / "dev"
NAMES = ("n1", "n2", "n3")


class Machines(Cluster):
    def __init__(self, binary, **settings):
        self.network = Network(NAMES)
        tls = {"ca": "certs/ca.pem", "cert": "certs/{name}.pem", "key": "certs/{name}.key"}
        super().__init__(binary, NAMES, hosts=self.network.hosts, tls=tls, **settings)
        self.certify(*(f"{name}={host}" for name, host in self.network.hosts.items()))

    def certify(self, *names, folder="certs"):
        """Keys and certificates by the authority of that folder, which is made when it is not there."""
        subprocess.run([str(DEV), "certs", str(Path(self.home, folder)), *names], check=True, stdout=subprocess.DEVNULL)

    def command(self, name):
        return [*self.network.within(name), *super().command(name)]

    def leader_of_most(self):
        leads = self.leads()
        return max(self.living(), key=lambda name: leads[name]), leads

    def others(self, name):
        return [other for other in self.names if other != name]
