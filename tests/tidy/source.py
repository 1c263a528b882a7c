"""Reading the repository and C++ text: files, includes, functions."""

import re
import subprocess
from pathlib import Path

TEXT_SUFFIXES = {".cpp", ".hpp", ".lua", ".py", ".rs", ".js", ".html", ".css", ".md", ".txt", ".cmake", ".json", ".def",
                 ".toml", ".yml", ".sql", ".sh", ""}


def read_repository(root):
    """{path: text} of every text file that is, or would be, committed."""
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=root, check=True,
                            capture_output=True, text=True).stdout
    tree = {}
    for name in sorted(set(filter(None, listed.split("\0")))):
        path = Path(root) / name
        if path.suffix not in TEXT_SUFFIXES or not path.is_file():
            continue
        try:
            tree[name] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
    return tree


def is_cpp(path):
    return path.endswith((".cpp", ".hpp"))


def includes(text):
    """(line number, path) of every quoted include."""
    for number, line in enumerate(text.splitlines(), 1):
        match = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
        if match:
            yield number, match.group(1)


_TOKENS = re.compile(
    r'R"(?P<delimiter>[^\s()\\]{0,16})\((?:.|\n)*?\)(?P=delimiter)"'
    r'|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])+\'|//[^\n]*|/\*(?:.|\n)*?\*/|^[ \t]*#(?:[^\n\\]|\\\n|\\.)*', re.M)


def blank(text):
    """The C++ text with strings, comments and preprocessor lines emptied; line numbers stay."""
    return _TOKENS.sub(lambda match: '""' + "\n" * match.group(0).count("\n"), text)


def functions(text):
    """(first line, lines) of every function body at namespace or class level."""
    text = blank(text)
    stack, head, line = [], "", 1
    for char in text:
        if char == "{":
            stack.append((_kind(head, stack[-1][0] if stack else "scope"), line, head))
            head = ""
        elif char == "}":
            kind, first, opening = stack.pop() if stack else ("scope", line, "")
            if kind == "function":
                yield first, line - first + 1
            head = opening if kind == "value" else ""
        elif char == ";":
            head = ""
        else:
            head += char
        if char == "\n":
            line += 1


def _kind(head, outer):
    if outer not in ("scope", "type"):
        return "inner"
    if re.search(r"\w$", head):  # formatted code has a space before every brace but that of an initialiser
        return "value"
    if re.search(r"\bnamespace\b|\bextern\s*\"\"\s*$", head):
        return "scope"
    if ")" in head and not re.search(r"=\s*$", head):
        return "function"
    return "type" if re.search(r"\b(class|struct|union)\b", head) else "inner"
