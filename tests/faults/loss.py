"""Packets between all nodes get lost at random."""

from world import now

LOSSY_S = 10.0
SHARE = 0.05


def strike(world):
    with world.load():
        world.watch(1.0)
        struck = now()
        world.cluster.network.lose(SHARE)
        world.watch(LOSSY_S)
        world.cluster.network.heal()
        world.watch(2.0)
        until_when = now()
        world.back()
    return world.report(f"{SHARE:.0%} of all packets lost for {LOSSY_S:.0f} s", struck, until_when)
