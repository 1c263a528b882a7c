"""What the tidy test enforces, as data. Folders and services that are not named here follow the defaults."""

# An arrow points at what may be included: folder -> the path prefixes it may name, itself always among them.
INCLUDES = {
    "base": [],
    "storage": ["base/"],
    "cluster": ["base/", "storage/"],
    "actors": ["base/", "storage/", "cluster/"],
    "gateway": ["base/", "storage/", "cluster/", "actors/"],
    "inspector": ["base/", "cluster/probe", "actors/runtime/", "actors/*/types.hpp"],
    "scenarios": ["base/"],
    "app": ["base/", "storage/", "cluster/", "actors/", "gateway/", "inspector/", "scenarios/"],
    "bench": ["base/", "storage/", "cluster/", "actors/", "gateway/", "scenarios/"],
}

# A service is a folder below actors/ with a types.hpp. It sees of another only the types.hpp, and only of those here.
SERVICES_BELOW = {"order": ["user", "product", "payment", "shipping"]}

# Parts of a service, each with all it may include of this project ("{service}" is its own folder).
_RULES = ["base/", "actors/{service}/", "storage/transaction", "storage/reader", "storage/saga_row", "actors/*/types.hpp",
          "actors/service_number.hpp", "actors/runtime/command_table", "actors/runtime/state_machine",
          "actors/runtime/saga_plan", "actors/runtime/page", "actors/runtime/invariant"]
SERVICE_PARTS = {"types.hpp": ["base/", "actors/service_number.hpp", "actors/runtime/page"], "rules.hpp": _RULES, "rules.cpp": _RULES}

# What single services may include besides: the catalog fills the plain records of cluster/.
SERVICE_EXTRAS = {"catalog": ["cluster/directory", "cluster/placement"]}

# Rules are functions of their input: what they may not reach for.
RULES_FORBIDDEN = [
    (r'#include\s+[<"](caf|rocksdb)/', "rules know no actors and no database"),
    (r"#include\s+<(chrono|ctime|random|thread|mutex|sys/time\.h|time\.h)>", "rules get their time and ids handed in"),
    (r'#include\s+"base/(clock|random)\.hpp"', "rules get their time and ids handed in"),
    (r"\b(std::rand|std::time|gettimeofday|clock_gettime|getrandom)\b", "rules get their time and ids handed in"),
]

# Headers of libraries that only some files may know: pattern -> path prefixes.
LIBRARIES = [
    (r"#include\s+<caf/", ["actors/", "cluster/transport", "cluster/loop", "cluster/probe", "cluster/inspected", "gateway/bridge", "app/",
                           "bench/", "tests/actors/", "tests/cluster/", "tests/gateway/", "tests/app/", "tests/simulation/"]),
    (r"#include\s+<rocksdb/", ["storage/", "tests/storage/", "bench/"]),
    (r"#include\s+<spdlog/", ["app/", "tests/app/"]),
    (r"#include\s+<boost/", ["gateway/", "scenarios/", "cluster/loop", "cluster/transport", "cluster/probe", "app/",
                             "actors/runtime/", "inspector/", "bench/", "tests/"]),
    (r"#include\s+<CLI/", ["app/"]),
]

# Shared ownership only where an asynchronous session keeps itself alive, a continuation is called by one of several
# replies (std::function wants copies), readers on any thread hold a snapshot that is replaced meanwhile, or a library
# demands it.
SHARED_OWNERS = ["gateway/", "actors/runtime/", "actors/user/key_ring", "scenarios/", "app/logging", "tests/gateway/", "tests/scenarios/", "tests/simulation/", "bench/"]

BANNED_NAMES = {"util", "utils", "helper", "helpers", "common", "manager", "misc"}

MAX_LINES = 400
MAX_FUNCTION_LINES = 70

# Folders of tests/ that stand for no folder of the program.
TESTS_OF_THE_WHOLE = {"tidy", "e2e", "faults", "simulation"}

WAITING = r"\bsleep_for\b|\bsleep_until\b|\busleep\(|\bnanosleep\(|\btime\.sleep\(|(^|[^_\w])sleep [0-9]"

LEFT_OPEN = r"\b(TODO|FIXME|XXX|HACK)\b|\bnot implemented\b|\bplaceholder\b"

# The project speaks of itself alone, not of how or by whom it was made.
MAKING_OF = (
    r"(?i:\bsession\s+#?[0-9]|\bissue\s+#?[0-9]|\bcontract\.md\b|\bdesign\.md\b|/work/|"
    r"\b(claude|chatgpt|copilot|openai|anthropic)\b|\bas an ai\b|\b(sub-?)agents?\b)"
)
