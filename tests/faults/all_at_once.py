"""kill -9 of all nodes at the same moment, and all of them started again: a power cut."""

from world import now


def strike(world):
    cluster = world.cluster
    with world.load():
        world.watch(world.chance.uniform(1.0, 2.0))
        world.excuse(*cluster.names)
        struck = now()
        for name in cluster.names:
            cluster.children[name].kill()
        for name in cluster.names:
            cluster.children[name].wait()
        cluster.start()
        world.back()
        world.watch(2.0)
        until_when = now()
    return world.report("kill -9 of all nodes at once, started again", struck, until_when)
