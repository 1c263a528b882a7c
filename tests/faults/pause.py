"""SIGSTOP of the node that leads most, for ten seconds: what it takes up again must be no old state."""

import signal

from world import now

STOPPED_S = 10.0
AFTER_S = 3.0


def strike(world):
    victim, leads = world.cluster.leader_of_most()
    with world.load():
        world.watch(world.chance.uniform(1.0, 2.0))
        world.excuse(victim)
        struck = now()
        world.cluster.kill(victim, signal.SIGSTOP)
        world.watch(STOPPED_S)
        world.cluster.kill(victim, signal.SIGCONT)
        world.watch(AFTER_S)
        until_when = now()
        world.back()
    return world.report(f"SIGSTOP of {victim} ({leads[victim]} leads) for {STOPPED_S:.0f} s", struck, until_when)
