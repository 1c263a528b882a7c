"""The disk of the node that leads most fills up, bit by bit or at once; it stops, and comes back when there is room."""

import disks
from process import until
from world import now

UNDER_SOFT_MARK, UNDER_HARD_MARK = 600 << 20, 100 << 20
LOW_S = 8.0  # of load while it is short of room
END_LIMIT_S = 20
WITHOUT_S = 5.0
SAID = "too little room is left on the disk"


def slowly(world):
    """First it refuses with 507 and hands its leads over, then it stops."""
    victim, leads = world.cluster.leader_of_most()
    with world.load():
        world.watch(1.0)
        struck = now()
        disks.fill(world.cluster, victim, UNDER_SOFT_MARK)
        until(lambda: world.cluster.leads()[victim] == 0, LOW_S, f"{victim} is short of room and leads no more")
        refused = world.traffic.doors.counts[507]
        world.watch(LOW_S)
        assert world.traffic.doors.counts[507] == refused, "507 although others lead"
        world.excuse(victim)
        disks.fill(world.cluster, victim, UNDER_HARD_MARK)
        until_when = _ends_and_comes_back(world, victim)
    return world.report(f"disk of {victim} ({leads[victim]} leads) fills up", struck, until_when)


def at_once(world):
    """No byte is left from one moment to the next."""
    victim, leads = world.cluster.leader_of_most()
    with world.load():
        world.watch(1.0)
        struck = now()
        world.excuse(victim)
        disks.fill(world.cluster, victim, 0)
        until_when = _ends_and_comes_back(world, victim)
    return world.report(f"disk of {victim} ({leads[victim]} leads) is full at once", struck, until_when)


def _ends_and_comes_back(world, victim):
    cluster = world.cluster
    until(lambda: victim not in cluster.living(), END_LIMIT_S, f"{victim} stops rather than go on without room")
    assert SAID in cluster.tail(victim), f"{victim} did not say why it ended:\n{cluster.tail(victim)}"
    world.watch(WITHOUT_S)
    until_when = now()
    cluster.start(victim)
    until(lambda: victim not in cluster.living(), END_LIMIT_S, f"{victim} does not start without room")
    disks.empty(cluster, victim)
    cluster.start(victim)
    world.back()
    return until_when
