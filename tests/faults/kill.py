"""kill -9 of the node that leads most; it comes back under load."""

from world import now

AFTER_S = 6.0


def strike(world):
    victim, leads = world.cluster.leader_of_most()
    with world.load():
        world.watch(world.chance.uniform(1.0, 2.0))
        world.excuse(victim)
        struck = now()
        world.cluster.kill(victim)
        world.watch(AFTER_S)
        until_when = now()
        world.cluster.start(victim)
        world.back()
    return world.report(f"kill -9 of {victim} ({leads[victim]} leads)", struck, until_when)
