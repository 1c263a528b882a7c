"""Checks the repository against policy.py: prints one line per fault, exit 1 when there is any.

usage: tidy.py [ROOT]            the rules of rules.py
       tidy.py --format [ROOT]   that clang-format would change nothing
"""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import rules
import source


def check_rules(tree):
    return [f"{path}:{line}: {what} [{rule.__name__}]" for rule in rules.ALL for path, line, what in rule(tree)]


def check_format(root, tree):
    paths = [path for path in tree if source.is_cpp(path)]
    batches = [paths[i:i + 20] for i in range(0, len(paths), 20)]

    def run(batch):
        return subprocess.run(["clang-format", "--dry-run", *batch], cwd=root, capture_output=True, text=True).stderr

    with ThreadPoolExecutor(2) as pool:
        lines = "".join(pool.map(run, batches)).splitlines()
    faults = sorted({line.split(":")[0] for line in lines if "clang-format-violations" in line})
    return [f"{path}: run clang-format -i on it [format]" for path in faults]


def main(arguments):
    only_format = "--format" in arguments
    roots = [a for a in arguments if a != "--format"]
    root = Path(roots[0]) if roots else Path(__file__).resolve().parents[2]
    tree = source.read_repository(root)
    faults = check_format(root, tree) if only_format else check_rules(tree)
    for fault in faults:
        print(fault)
    print(f"{len(tree)} files, {len(faults)} faults")
    return 1 if faults or not tree else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
