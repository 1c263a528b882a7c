"""How long the shop stood still: the longest time between two successes around a fault."""

from collections import defaultdict


def longest(times, begin, end):
    """The longest pause between two successes that touches [begin, end]; a success that never came counts until the end."""
    inside = [begin] + sorted(t for t in times if begin < t < end) + [end]
    before = [t for t in times if t <= begin]
    inside[0] = max(before, default=begin)
    after = [t for t in times if t >= end]
    inside[-1] = min(after, default=end)
    return max(later - sooner for sooner, later in zip(inside, inside[1:]))


def of_shop(answered, begin, end):
    """Nobody at all was served for so long."""
    return longest([when for when, _ in answered], begin, end)


def of_worst_customer(answered, begin, end):
    """One customer, thus one shard of orders with all that it needs, was not served for so long."""
    times = defaultdict(list)
    for when, number in answered:
        times[number].append(when)
    return max(longest(one, begin, end) for one in times.values())
