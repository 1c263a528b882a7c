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
    """{name: function of a world that strikes and returns a Report}"""
    import all_at_once
    import kill
    import loss
    import partition
    import pause
    return {"kill": kill.strike, "pause": pause.strike, "isolated": partition.isolated, "deaf": partition.deaf,
            "mute": partition.mute, "one_cable": partition.one_cable, "loss": loss.strike, "all_at_once": all_at_once.strike}


def run(world, names, strikes, limit_s):
    """Prints a line a fault."""
    reports = {}
    for number, name in enumerate(names):
        report = strikes[name](world)
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


def main():
    strikes = faults()
    chosen = arguments(list(strikes))
    sandbox.enter()
    from world import World
    names = [name for name in chosen.names or strikes for _ in range(chosen.times)]
    world = World(chosen.binary, chosen.seed, chosen.rate)
    print(f"seed {chosen.seed}, data in {world.cluster.home}", flush=True)
    try:
        reports = run(world, names, strikes, chosen.limit)
        kept = [distribution(name, of_it) for name, of_it in reports.items() if len(of_it) > 1]
        for name in world.cluster.names:
            assert world.cluster.stop(name) == 0, f"SIGTERM did not end {name} cleanly"
        assert all(kept) or not chosen.promise, f"promised are p50 {P50_S} s and p99 {P99_S} s"
    except BaseException:
        print(f"FAILED with seed {chosen.seed}; data and logs are kept in {world.cluster.home}", flush=True)
        world.cluster.kill_all()
        raise
    world.cluster.remove()
    print("everything that was acknowledged is there, exactly once")


if __name__ == "__main__":
    main()
