#!/usr/bin/env python3
"""Holds the repository to the rules of CONTRIBUTING.md that a compiler does not know.

  python3 tests/tidy/tidy.py [ROOT]

Prints one line for each breach, `path:line: rule: what and how to mend it`, and exits with 1 if
there was any. Standard library only.
"""

import pathlib
import re
import sys
from dataclasses import dataclass

import cpp

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 70
COLUMNS_MAX = 100

# Rooms that work on rows or answer prompts: assemble alone may know more than one of them.
PEERS = {"sources", "decode", "see", "read", "describe", "fuse", "caption", "clean", "write",
         "engines/fake", "engines/http", "engines/llama", "engines/tesseract", "engines/torch"}
# Where libraries that throw are met. run is here because a step that throws must end the run.
CATCH_DOORS = ("kale/io", "kale/sources", "kale/assemble", "kale/yaml", "kale/networks",
               "kale/train",
               "kale/engines", "kale/decode", "kale/run", "apps", "tools", "bench", "python")
# Who may include whose headers; the reasons stand in cmake/deps.cmake.
FENCES = {
    "arrow/": ("kale/io/parquet",),
    "parquet/": ("kale/io/parquet",),
    "archive": ("kale/io/tar",),
    "zlib.h": ("kale/io/tables",),
    "curl/": ("kale/engines/http", "kale/train",),
    "turbojpeg.h": ("kale/engines/http", "kale/train"),
    "torch/": ("kale/engines/torch", "kale/networks", "kale/train"),
    "ATen/": ("kale/engines/torch", "kale/networks", "kale/train"),
    "c10/": ("kale/engines/torch", "kale/networks", "kale/train"),
    "vips/": ("kale/decode", "kale/vips", "kale/world/draw"),
    "tesseract/": ("kale/engines/tesseract",),
    "leptonica/": ("kale/engines/tesseract",),
    "llama.h": ("kale/engines/llama", "kale/gguf", "kale/llama_log", "kale/tokens", "tools"),
    "ggml": ("kale/engines/llama", "kale/gguf", "tools"),
    "gguf.h": ("kale/engines/llama", "kale/gguf", "kale/tokens", "tools"),
    "mtmd": ("kale/engines/llama", "kale/llama_log"),
    "yaml-cpp/": ("kale/yaml", "kale/assemble", "kale/train", "kale/engines/fake"),
    "CLI/": ("apps", "tools", "bench"),
    "asio": ("kale/run",),
    "mpi.h": ("kale/processes",),
    "xxhash.h": ("kale/io", "kale/resume"),
    "openssl/": ("kale/io",),
    "unicode/": ("kale/text",),
    "re2/": ("kale/text", "kale/fuse", "kale/clean", "kale/engines/fake"),
}
# Words of unfinished work, of one person's machine, and of the hosts that packages come from.
BANNED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|/(?:work|root)/|\b(?:pypi|npmjs)\.org\b"
                    r"|pythonhosted\.org|deb\.debian\.org")
BANNED_BUT_IN_TESTS = re.compile(r"/tmp/")

SKIPPED_FOLDERS = {".git", ".venv", ".deps", "build", "out", "__pycache__"}
TEXT_ENDINGS = {".cc", ".h", ".py", ".sh", ".cmake", ".txt", ".md", ".yaml", ".json", ".toml", ""}
CODE_ENDINGS = {".cc", ".h", ".py", ".sh"}


@dataclass(frozen=True, order=True)
class Problem:
    path: str
    line: int
    rule: str
    message: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.rule}: {self.message}"


@dataclass(frozen=True)
class Room:
    name: str
    depends: tuple
    test_depends: tuple


class Tree:
    """The files of a repository, as text, by their relative paths."""

    def __init__(self, root):
        self.files = {}
        for path in sorted(pathlib.Path(root).rglob("*")):
            relative = path.relative_to(root)
            if SKIPPED_FOLDERS & set(relative.parts) or path.suffix not in TEXT_ENDINGS:
                continue
            if path.is_file() and not path.is_symlink():
                self.files[relative.as_posix()] = path.read_text(encoding="utf-8", errors="replace")
        self.rooms = {}
        for path, text in self.files.items():
            if path.startswith("kale/") and path.endswith("/CMakeLists.txt"):
                room = parse_room(text)
                if room:
                    self.rooms[room.name] = room

    def named(self, *endings):
        return [(path, text) for path, text in self.files.items() if path.endswith(endings)]

    def room_of(self, path):
        """The innermost room that the file kale/... lies in, or None."""
        parts = path.split("/")[1:-1]
        while parts:
            if "/".join(parts) in self.rooms:
                return "/".join(parts)
            parts.pop()
        return None

    def reach(self, names):
        """Rooms that a target linked with `names` can see."""
        seen, waiting = set(), list(names)
        while waiting:
            name = waiting.pop()
            if name in self.rooms and name not in seen:
                seen.add(name)
                waiting += self.rooms[name].depends
        return seen


def parse_room(text):
    text = re.sub(r"#.*", "", text)
    call = re.search(r"kale_room\(([^)]*)\)", text)
    if not call:
        return None
    name, *words = call.group(1).split()
    lists, current = {}, None
    for word in words:
        if re.fullmatch(r"[A-Z_]+", word):
            current = lists.setdefault(word, [])
        elif current is not None:
            current.append(word)
    extra = lists.get("TEST_DEPENDS", []) + lists.get("FAKE_DEPENDS", [])
    return Room(name, tuple(lists.get("DEPENDS", [])), tuple(extra))


def is_test(path):
    return path.startswith("tests/") or re.search(r"_(test|fake)\.(cc|h)$", path) is not None


def lies_in(path, folders):
    return any(path.startswith(folder + "/") for folder in folders)


def check_ladder(tree):
    listed = ladder(tree)
    for name, room in tree.rooms.items():
        path = f"kale/{name}/CMakeLists.txt"
        if name not in listed:
            yield Problem(path, 1, "ladder", f"add {name} to kale_add_rooms in CMakeLists.txt")
            continue
        for other in room.depends:
            if other not in listed or listed.index(other) >= listed.index(name):
                yield Problem(path, 1, "ladder", f"{other} does not stand below {name} in "
                                                 "kale_add_rooms of CMakeLists.txt")
        peers = tree.reach(room.depends) & PEERS
        if peers and (name in PEERS or name == "run"):
            yield Problem(path, 1, "ladder", f"{name} must not see {', '.join(sorted(peers))}; "
                                             "what both need belongs in core, text or io")


def ladder(tree):
    call = re.search(r"kale_add_rooms\(([^)]*)\)", tree.files.get("CMakeLists.txt", ""))
    return re.sub(r"#.*", "", call.group(1)).split() if call else []


def check_includes(tree):
    for path, text in tree.named(".cc", ".h"):
        room = tree.room_of(path) if path.startswith("kale/") else None
        names = [room] if room else []
        if room and is_test(path):
            names += tree.rooms[room].test_depends
        seen = tree.reach(names)
        for line, header in cpp.includes(text):
            other = tree.room_of(header) if header.startswith("kale/") else None
            if room and other and other not in seen:
                yield Problem(path, line, "include", f"{header}: room {other} is not in DEPENDS of "
                                                     f"{room}, nor below it")
            for prefix, rooms in FENCES.items():
                if header.startswith(prefix) and not lies_in(path, rooms + ("tests",)):
                    yield Problem(path, line, "fence", f"{header}: only for {', '.join(rooms)}")


def check_sizes(tree):
    for path, text in tree.files.items():
        if pathlib.PurePath(path).suffix not in CODE_ENDINGS:
            continue
        lines = text.splitlines()
        if len(lines) > FILE_LINES_MAX:
            yield Problem(path, len(lines), "file size",
                          f"{len(lines)} lines, at most {FILE_LINES_MAX}; split it")
        for number, line in enumerate(lines, 1):
            if len(line) > COLUMNS_MAX:
                yield Problem(path, number, "line size",
                              f"{len(line)} columns, at most {COLUMNS_MAX}")
    for path, text in tree.named(".cc", ".h"):
        for first, last in cpp.functions(text):
            if last - first + 1 > FUNCTION_LINES_MAX:
                yield Problem(path, first, "function size", f"{last - first + 1} lines, at most "
                                                            f"{FUNCTION_LINES_MAX}; split it")


def check_exceptions(tree):
    for path, text in tree.named(".cc", ".h"):
        if is_test(path):
            continue
        for line, word in cpp.words(text, ("throw", "catch")):
            if word == "throw" and not lies_in(path, ("python",)):
                yield Problem(path, line, "throw", "return a Status, a Result or an Outcome")
            if word == "catch" and not lies_in(path, CATCH_DOORS):
                yield Problem(path, line, "catch", "only where a library throws: "
                                                   + ", ".join(CATCH_DOORS))


def check_types(tree):
    """Two types of one name in one namespace: the linker keeps one's destructor for both."""
    places = {}
    for path, text in tree.named(".cc", ".h"):
        if is_test(path):
            continue
        for line, name in cpp.types(text):
            first, _ = places.setdefault(name, (path, line))
            if first != path:
                yield Problem(path, line, "type", f"{name} is defined in {first}, too; rename one")


def check_awaits(tree):
    for path, text in tree.named(".cc", ".h"):
        for line, reason in cpp.mixed_awaits(text):
            yield Problem(path, line, "co_await", reason)


def check_words(tree):
    for path, text in tree.files.items():
        if path.startswith("tests/tidy/"):
            continue
        for number, line in enumerate(text.splitlines(), 1):
            found = BANNED.search(line)
            if not found and not is_test(path):
                found = BANNED_BUT_IN_TESTS.search(line)
            if found:
                yield Problem(path, number, "word", f"'{found.group()}' does not belong here")


def check_room_files(tree):
    for name in tree.rooms:
        if f"kale/{name}/README.md" not in tree.files:
            yield Problem(f"kale/{name}/README.md", 1, "readme",
                          "in, out, main file, how to add one, its tests: five lines")
    for path, text in tree.named(".h"):
        if not text.startswith(("//", "/*")):
            yield Problem(path, 1, "header", "begins with a comment that says what it is for")
        if "#pragma once" not in text and "#ifndef" not in text:
            yield Problem(path, 1, "header", "lacks #pragma once")


CHECKS = (check_ladder, check_includes, check_sizes, check_exceptions, check_types, check_awaits,
          check_words, check_room_files)


def problems_of(root):
    tree = Tree(root)
    return sorted(problem for check in CHECKS for problem in check(tree)), len(tree.files)


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[2]
    problems, files = problems_of(root)
    for problem in problems:
        print(problem)
    print(f"tidy: {files} files, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
