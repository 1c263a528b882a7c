"""Three real nodes on free ports of this machine, as one cluster: started, killed, stopped, started again."""

import base64
import http.client
import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections import Counter
from pathlib import Path

from process import START_LIMIT_S, STOP_LIMIT_S, free_ports, until
from shop import PASSWORD, Shop

LOOPBACK = "127.0.0.1"
ADMIN = "admin@e2e.stoa"
MERCHANT = "merchant@demo.stoa"  # the name that the audit knows


class Cluster:
    """`hosts`: where each node listens, this machine's loopback unless said otherwise. `nodes`: {name: what its entry in the
    configuration says besides}."""

    def __init__(self, binary, names=("n1", "n2", "n3"), hosts=None, nodes=None, **settings):
        self.binary = str(Path(binary).resolve())
        self.home = tempfile.mkdtemp(prefix="stoa-cluster-")
        self.names = []
        self.hosts = hosts or {}
        self.ports = {}
        self.entries = []
        self.settings = {"cluster": "e2e", "limits": {"rate": "off"}, "secrets": {"master_key_file": "master.key"},
                         **settings}
        Path(self.home, "master.key").write_text(base64.b64encode(os.urandom(32)).decode() + "\n")
        os.chmod(Path(self.home, "master.key"), 0o600)
        Path(self.home, "password").write_text(PASSWORD + "\n")
        self.config = Path(self.home, "cluster.json")
        self.children = {}
        ports = free_ports(3 * len(nodes or names))
        for i, name in enumerate(nodes or names):
            self.add(name, ports[3 * i:3 * i + 3], **(nodes or {}).get(name, {}))

    def add(self, name, ports=None, **entry):
        """One more node in the configuration."""
        self.names.append(name)
        host = self.hosts.setdefault(name, LOOPBACK)
        self.ports[name] = dict(zip(("cluster", "http", "admin"), ports or free_ports(3)))
        self.entries.append({"name": name, "host": host, "admin_host": host, "data": f"data/{name}",
                             **{kind + "_port": port for kind, port in self.ports[name].items()}, **entry})
        self.config.write_text(json.dumps({**self.settings, "nodes": self.entries}))

    def data(self, name):
        return Path(self.home, "data", name)

    def operate(self, *words, via=None, code=0):
        """What `stoa cluster …` says: stdout, or stderr where it is to fail."""
        via = via or self.living()[0]
        done = subprocess.run([self.binary, "cluster", *words, "--attach", f"{self.hosts[via]}:{self.ports[via]['admin']}"],
                              capture_output=True, text=True, timeout=120,
                              env={**os.environ, "STOA_ADMIN_TOKEN_FILE": str(self.data(via) / "admin.token")})
        assert done.returncode == code, f"{words} ended with {done.returncode}: {done.stdout}{done.stderr}"
        return done.stderr if code else done.stdout

    def start(self, *names):
        """Begins; ready() waits."""
        environment = {**os.environ, "STOA_ADMIN_EMAIL": ADMIN,
                       "STOA_ADMIN_PASSWORD_FILE": str(Path(self.home, "password"))}
        for name in names or self.names:
            with open(self.log(name), "ab") as log:
                self.children[name] = subprocess.Popen(self.command(name), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                                       env=environment)

    def command(self, name):
        return [self.binary, "node", "--config", str(self.config), "--name", name]

    def ready(self, *names):
        for name in names or self.names:
            until(lambda n=name: self._ready_or_dead(n), START_LIMIT_S, f"{name} is ready; its log is {self.log(name)}")

    def _ready_or_dead(self, name):
        if self.children[name].poll() is not None:
            raise AssertionError(f"{name} ended with {self.children[name].returncode}:\n{self.tail(name)}")
        try:
            return self.admin("/readyz", name)[0] == 200
        except OSError:
            return False

    def living(self):
        return [name for name in self.names if name in self.children and self.children[name].poll() is None]

    @property
    def http_port(self):
        return self.ports[self.living()[0]]["http"]

    def shop(self, email=None, name=None):
        """A client of that node's gateway, or of any that lives."""
        name = name or self.living()[0]
        return Shop(self.ports[name]["http"], email, host=self.hosts[name])

    def admin(self, path, name=None):
        """(status, body) of a GET on a node's admin listener."""
        name = name or self.living()[0]
        connection = http.client.HTTPConnection(self.hosts[name], self.ports[name]["admin"], timeout=10)
        token = self.data(name) / "admin.token"
        headers = {"Authorization": "Bearer " + token.read_text().strip()} if token.exists() else {}
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except http.client.HTTPException as broken:
            raise ConnectionError(str(broken)) from broken
        finally:
            connection.close()

    def document(self, name=None):
        return json.loads(self.admin("/v1/cluster", name)[1])

    def invariants(self):
        """What each living node says of its replicas."""
        answers = [self.admin("/v1/invariants", name) for name in self.living()]
        return [json.loads(text) for status, text in answers if status == 200]

    def leads(self, name=None):
        """{node: how many shards it leads}, as `name` sees it; None for those that nobody leads."""
        return Counter(shard["leader"] for shard in self.document(name)["shards"])

    def all_even(self, within=0):
        """Every shard is led, and no replica is further behind than so many entries."""
        return all(shard["leader"] and all(shard["applied"] - replica["applied"] <= within for replica in shard["replicas"])
                   for shard in self.document()["shards"])

    def kill(self, name, how=signal.SIGKILL):
        self.children[name].send_signal(how)
        if how == signal.SIGKILL:
            self.children[name].wait()

    def stop(self, name):
        """SIGTERM; returns the exit code."""
        self.children[name].terminate()
        return self.children[name].wait(timeout=STOP_LIMIT_S)

    def make_merchant(self):
        anyone = self.shop()
        made = anyone.expect(201, "POST", "/v1/users", {"email": MERCHANT, "password": PASSWORD, "name": "Merchant"})
        anyone.close()
        admin = self.shop(ADMIN)
        admin.expect(200, "PATCH", f"/v1/users/{made['id']}", {"role": "merchant"})
        admin.close()

    def log(self, name):
        return os.path.join(self.home, name + ".log")

    def tail(self, name):
        return "\n".join(Path(self.log(name)).read_text(errors="replace").splitlines()[-20:])

    def kill_all(self):
        for name in self.living():
            self.children[name].send_signal(signal.SIGCONT)
            self.kill(name)

    def remove(self):
        self.kill_all()
        shutil.rmtree(self.home)
