"""Cuts between the nodes while all of them can be reached from outside: whole, in one direction, of one cable."""

from world import now

CUT_S = 8.0
AFTER_S = 3.0


def isolated(world):
    """The node that leads most hears nobody and is heard by nobody."""
    return _cut(world, "cut off", lambda net, victim, others: net.isolate(victim))


def deaf(world):
    """The node that leads most speaks and hears nothing."""
    return _cut(world, "deafened", lambda net, victim, others: [net.deafen(victim, other) for other in others])


def mute(world):
    """The node that leads most hears and is heard by nobody."""
    return _cut(world, "muted", lambda net, victim, others: [net.deafen(other, victim) for other in others])


def one_cable(world):
    """The node that leads most and one other do not see each other; the third one sees both."""
    return _cut(world, "cut from one other", lambda net, victim, others: net.cut(victim, others[0]))


def _cut(world, what, how):
    victim, leads = world.cluster.leader_of_most()
    others = world.cluster.others(victim)
    world.chance.shuffle(others)
    with world.load():
        world.watch(world.chance.uniform(1.0, 2.0))
        struck = now()
        how(world.cluster.network, victim, others)
        world.watch(CUT_S)
        world.cluster.network.heal()
        world.watch(AFTER_S)
        until_when = now()
        world.back()
    return world.report(f"{victim} ({leads[victim]} leads) {what} for {CUT_S:.0f} s", struck, until_when)
