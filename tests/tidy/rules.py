"""The rules. Each takes {path: text} and yields (path, line, what is wrong)."""

import ast
import fnmatch
import posixpath
import re

import policy
import source


def _matches(path, prefixes):
    return any(fnmatch.fnmatchcase(path, p if p.endswith("pp") else p + "*") for p in prefixes)


def _grep(tree, pattern, wanted):
    regex = re.compile(pattern)
    for path, text in tree.items():
        if not wanted(path):
            continue
        for number, line in enumerate(text.splitlines(), 1):
            match = regex.search(line)
            if match:
                yield path, number, match.group(0).strip()


def _folder(path):
    """The folder whose rights a file has: tests/X and its files have those of X."""
    parts = path.split("/")
    return parts[1] if parts[0] == "tests" and len(parts) > 2 else parts[0]


def _is_test(path):
    return path.startswith("tests/")


def arrows(tree):
    """Folders include only what stands below them."""
    for path, text in tree.items():
        folder = _folder(path)
        if not source.is_cpp(path) or folder not in policy.INCLUDES:
            continue
        allowed = policy.INCLUDES[folder] + [folder + "/"] + (["tests/"] if _is_test(path) else [])
        for number, name in source.includes(text):
            if not _matches(name, allowed):
                yield path, number, f"{folder}/ may not include {name}"


def resolved(tree):
    """A quoted include is a path from the root of the repository."""
    for path, text in tree.items():
        if source.is_cpp(path):
            for number, name in source.includes(text):
                if name not in tree:
                    yield path, number, f"there is no {name}"


def mutual(tree):
    """No two folders include each other (a folder and one inside it count as one)."""
    seen = {}
    for path, text in tree.items():
        if source.is_cpp(path) and not _is_test(path):
            here = posixpath.dirname(path)
            for number, name in source.includes(text):
                there = posixpath.dirname(name)
                if here != there and not here.startswith(there + "/") and not there.startswith(here + "/"):
                    seen.setdefault((here, there), (path, number))
    for (here, there), (path, number) in seen.items():
        if (there, here) in seen:
            yield path, number, f"{here}/ and {there}/ include each other"


def _services(tree):
    return {m.group(1) for m in (re.fullmatch(r"actors/(\w+)/types\.hpp", path) for path in tree) if m}


def services(tree):
    """A service sees of another only its types.hpp, and only of those below it; the runtime sees no service."""
    names = _services(tree)
    for path, text in tree.items():
        match = re.match(r"actors/(\w+)/", path)
        if not source.is_cpp(path) or not match:
            continue
        own = match.group(1)
        below = policy.SERVICES_BELOW.get(own, [])
        for number, name in source.includes(text):
            other = re.match(r"actors/(\w+)/(.*)", name)
            if not other or other.group(1) == own or other.group(1) not in names:
                continue
            if other.group(1) not in below:
                yield path, number, f"{own} may not know {other.group(1)}"
            elif other.group(2) != "types.hpp":
                yield path, number, f"{own} may see only the types.hpp of {other.group(1)}"


def service_parts(tree):
    """types.hpp and rules.* of a service include only what a plain description of the business needs."""
    for path, text in tree.items():
        match = re.fullmatch(r"actors/(\w+)/([\w.]+)", path)
        if not match or match.group(1) not in _services(tree) or match.group(2) not in policy.SERVICE_PARTS:
            continue
        allowed = [p.format(service=match.group(1)) for p in policy.SERVICE_PARTS[match.group(2)]]
        allowed += policy.SERVICE_EXTRAS.get(match.group(1), [])
        for number, name in source.includes(text):
            if not _matches(name, allowed):
                yield path, number, f"{match.group(2)} may not include {name}"


def pure_rules(tree):
    """Business rules know no actor, no database, no clock and no chance."""
    for pattern, why in policy.RULES_FORBIDDEN:
        for path, number, what in _grep(tree, pattern, lambda p: re.search(r"^actors/.*\brules[_\w]*\.[ch]pp$", p)):
            yield path, number, f"{what}: {why}"
    for path in filter(re.compile(r"^actors/\w+/rules\.[ch]pp$").match, tree):
        for name in _reached(tree, path):
            if name != path and re.search(r"#include\s+<(caf|rocksdb)/", tree[name]):
                yield path, 1, f"reaches actors or the database through {name}"


def _reached(tree, path):
    """The file and all that it includes, directly and through others."""
    found, open_ends = set(), [path]
    while open_ends:
        here = open_ends.pop()
        if here in tree and here not in found:
            found.add(here)
            open_ends += [name for _, name in source.includes(tree[here])]
    return found


def libraries(tree):
    """A library's headers are known only where the library is used."""
    for pattern, allowed in policy.LIBRARIES:
        for path, number, what in _grep(tree, pattern, lambda p: source.is_cpp(p) and not _matches(p, allowed)):
            yield path, number, f"{what} is known only to {', '.join(allowed)}"


def ownership(tree):
    """Objects have one owner; shared_ptr is for asynchronous sessions."""
    # alive_ is a token that callbacks watch: they find it gone with its owner.
    pattern = r"^(?!.*\balive_).*\bstd::(shared_ptr|make_shared|enable_shared_from_this)\b"
    for path, number, what in _grep(tree, pattern, lambda p: source.is_cpp(p) and not _matches(p, policy.SHARED_OWNERS)):
        yield path, number, f"{what} outside an asynchronous session"


def file_length(tree):
    for path, text in tree.items():
        if path.endswith((".cpp", ".hpp", ".py", ".lua", ".rs", ".js", ".cmake")) or path == "dev":
            lines = text.count("\n")
            if lines > policy.MAX_LINES:
                yield path, lines, f"{lines} lines; one idea a file, {policy.MAX_LINES} lines at most"


def function_length(tree):
    for path, text in tree.items():
        found = []
        if source.is_cpp(path):
            found = source.functions(text)
        elif path.endswith(".py"):
            found = [(node.lineno, node.end_lineno - node.lineno + 1) for node in ast.walk(ast.parse(text))
                     if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
        for first, lines in found:
            if lines > policy.MAX_FUNCTION_LINES:
                yield path, first, f"a function of {lines} lines; {policy.MAX_FUNCTION_LINES} at most"


def names(tree):
    """A file's name says what it holds."""
    for path in tree:
        stem = posixpath.basename(path).split(".")[0].lower()
        for word in policy.BANNED_NAMES.intersection(stem.split("_")):
            yield path, 1, f"'{word}' says nothing about what is in the file"


def headers(tree):
    """A header opens with a comment that says what it is, then #pragma once."""
    for path, text in tree.items():
        if not path.endswith(".hpp"):
            continue
        lines = text.splitlines()
        code = next((line for line in lines if line.strip() and not line.startswith("//")), "")
        if not lines or not lines[0].startswith("//"):
            yield path, 1, "a header opens with what it is and what it promises"
        if code.strip() != "#pragma once":
            yield path, 1, "#pragma once comes first after the opening comment"
        if re.search(r"^\s*using namespace\b", text, re.M):
            yield path, 1, "a header opens no namespace for others"


def mirrored(tree):
    """tests/X/foo_test.cpp tests X/foo.*; one that tests the whole says '// Scenario:' in its first line."""
    for path, text in tree.items():
        match = re.fullmatch(r"tests/(.+)/(\w+)_test\.cpp", path)
        if not match or match.group(1).split("/")[0] in policy.TESTS_OF_THE_WHOLE or text.startswith("// Scenario:"):
            continue
        folder, words = match.group(1), match.group(2).split("_")
        subjects = ["_".join(words[:n]) for n in range(1, len(words) + 1)]
        there = {posixpath.basename(p).split(".")[0] for p in tree if posixpath.dirname(p) == folder}
        fixtures = f"tests/{folder}/{match.group(2)}/"
        if any(p.startswith(fixtures) for p in tree):
            continue  # it tests what stands in a folder of its own beside it
        if not there.intersection(subjects) and not any(stem.startswith(subjects[-1] + "_") for stem in there):
            yield path, 1, f"there is nothing in {folder}/ that {match.group(2)} tests"


def waiting(tree):
    """Tests wait for a condition, never for time."""
    for path, number, what in _grep(tree, policy.WAITING, lambda p: _is_test(p) and not p.startswith("tests/tidy/")):
        yield path, number, f"'{what}': wait for a condition, not for time"


def left_open(tree):
    code = (".cpp", ".hpp", ".lua", ".rs", ".js", ".py", ".cmake", "CMakeLists.txt", "dev", ".ci/run")
    for path, number, what in _grep(tree, policy.LEFT_OPEN, lambda p: p.endswith(code) and not p.startswith("tests/tidy/")):
        yield path, number, f"'{what}': finish it or leave it out"


def speaks_of_itself(tree):
    """The repository says nothing about how it was made."""
    for path, number, what in _grep(tree, policy.MAKING_OF, lambda p: not p.startswith("tests/tidy/")):
        yield path, number, f"'{what}': the project speaks of itself alone"


def pages(tree):
    """Every page that a file names is there."""
    known = {posixpath.basename(path) for path in tree if path.endswith(".md")}
    for path, number, what in _grep(tree, r"\b[\w-]+\.md\b", lambda p: not p.startswith("tests/tidy/")):
        if what not in known:
            yield path, number, f"there is no page {what}"


ALL = [arrows, resolved, mutual, services, service_parts, pure_rules, libraries, ownership, file_length, function_length,
       names, headers, mirrored, waiting, left_open, speaks_of_itself, pages]
