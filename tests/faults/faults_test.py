"""Real faults on three real nodes, each in a network namespace of its own, under load. docs/faults.md says more.

After each fault: nothing that was acknowledged is lost, invariants hold on every node, replicas are even, no answer was
wrong, and the time from the last success to the next is printed. A failure prints its seed and keeps data and logs.

usage: faults_test.py PATH/TO/stoa [--seed N] [--rate CHECKOUTS_A_SECOND] [--times N] [--limit S] [--promise] [FAULT...]
"""

import argparse
import statistics
import sys
import time
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "e2e"))

import sandbox  # noqa: E402

# What is promised of fifty kills, pauses or partitions.
P50_S, P99_S = 2.0, 3.0


def faults():
    """{name: (function of a world that strikes and returns a Report, the kind of world)}"""
    import all_at_once
    import full_disk
    import hostile
    import kill
    import loss
    import partition
    import pause
    import strangers
    plain = {"kill": kill.strike, "pause": pause.strike, "isolated": partition.isolated, "deaf": partition.deaf,
             "mute": partition.mute, "one_cable": partition.one_cable, "loss": loss.strike, "all_at_once": all_at_once.strike,
             "hostile": hostile.secured}
    foreign = {"other_cluster": strangers.of_another_cluster, "name_in_use": strangers.by_a_name_in_use,
               "unknown_name": strangers.by_an_unknown_name, "other_certificate": strangers.with_anothers_certificate,
               "other_authority": strangers.of_another_authority}
    return {**{name: (strike, "plain") for name, strike in plain.items()},
            **{name: (strike, "visited") for name, strike in foreign.items()},
            "hostile_clear": (hostile.in_the_clear, "clear"),
            "disk_fills": (full_disk.slowly, "disks"), "disk_full": (full_disk.at_once, "disks")}


def world_of(kind, chosen):
    import disks
    import strangers
    from world import World
    prepare = {"visited": strangers.prepare, "disks": disks.mount}.get(kind)
    return World(chosen.binary, chosen.seed, chosen.rate, secured=kind != "clear", prepare=prepare)


def run(world, names, strikes, limit_s):
    """Prints a line a fault."""
    reports = {}
    for number, name in enumerate(names):
        report = strikes[name][0](world)
        print(report.line, flush=True)
        world.aftermath(invariants=name not in names[number + 1:number + 2])
        assert limit_s is None or report.worst_s <= limit_s, f"not within {limit_s} s"
        reports.setdefault(name, []).append(report)
    return reports


def distribution(name, reports):
    """Fails where fifty of a kind are slower than promised."""
    worst = sorted(report.worst_s for report in reports)
    p50, p99 = statistics.median(worst), worst[min(len(worst) - 1, int(len(worst) * 0.99))]
    print(f"{name}: {len(worst)} times, gap of the worst shard p50 {p50:.2f} s, p99 {p99:.2f} s, longest {worst[-1]:.2f} s", flush=True)
    return p50 <= P50_S and p99 <= P99_S


def arguments(known):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("names", nargs="*", metavar="FAULT", help=", ".join(known))
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--rate", type=float, default=40)
    parser.add_argument("--times", type=int, default=1, help="each fault so many times")
    parser.add_argument("--limit", type=float, metavar="SECONDS", help="fail where a gap of the worst shard is longer")
    parser.add_argument("--promise", action="store_true", help="fail where p50 or p99 of a fault is above what is promised")
    chosen = parser.parse_intermixed_args()
    unknown = [name for name in chosen.names if name not in known]
    if unknown:
        parser.error(f"there is no fault {', '.join(unknown)}; there are {', '.join(known)}")
    return chosen


def in_one_world(kind, names, strikes, chosen):
    """{name: reports} of faults that want the same kind of world."""
    world = world_of(kind, chosen)
    print(f"seed {chosen.seed}, data in {world.cluster.home}", flush=True)
    try:
        reports = run(world, names, strikes, chosen.limit)
        world.close()
        return reports
    except BaseException:
        print(f"FAILED with seed {chosen.seed}; data and logs are kept in {world.cluster.home}", flush=True)
        world.cluster.kill_all()
        raise


def main():
    strikes = faults()
    chosen = arguments(list(strikes))
    sandbox.enter()
    kept = []
    for kind in dict.fromkeys(kind for _, kind in strikes.values()):
        names = [name for name in chosen.names or strikes if strikes[name][1] == kind for _ in range(chosen.times)]
        reports = in_one_world(kind, names, strikes, chosen) if names else {}
        kept += [distribution(name, of_it) for name, of_it in reports.items() if len(of_it) > 1]
    print("everything that was acknowledged is there, exactly once")
    assert all(kept) or not chosen.promise, f"promised are p50 {P50_S} s and p99 {P99_S} s"


if __name__ == "__main__":
    main()
