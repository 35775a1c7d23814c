"""As much C++ as tidy needs: comments and literals out, then patterns and a counter of braces."""

import re

# In this order: what begins first in the text wins, a raw string before its opening quote.
_LITERAL = re.compile(
    r'//[^\n]*'
    r'|/\*.*?\*/'
    r'|R"(?P<tag>[^\s()\\]{0,16})\(.*?\)(?P=tag)"'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-zA-Z_])'(?:\\.|[^'\\\n])+'",
    re.DOTALL)
_CONTROL = re.compile(r"^\s*(?:else\s+)?(?:if|for|while|switch|catch|do|else|try)\b")
_TYPE = re.compile(r"\b(?:namespace|class|struct|enum|union|extern)\b")


def stripped(text):
    """The code alone: comments and the insides of literals are blank, line numbers stay."""

    def blank(match):
        found = match.group()
        newlines = "\n" * found.count("\n")
        if found.startswith(("//", "/*")):
            return " " + newlines
        return '""' + newlines

    return _LITERAL.sub(blank, text)


def line_at(text, offset):
    return text.count("\n", 0, offset) + 1


def includes(text):
    """(line, header) of every #include."""
    for number, line in enumerate(text.splitlines(), 1):
        found = re.match(r'\s*#\s*include\s*[<"]([^>"]+)[>"]', line)
        if found:
            yield number, found.group(1)


def types(text):
    """(line, name with namespaces) of every class, struct and enum that other files could see; the
    layout is clang-format's."""
    spaces = []
    for number, line in enumerate(text.splitlines(), 1):
        opened = re.match(r"namespace(?: ([\w:]+))? \{", line)
        if opened:
            spaces.append(opened.group(1))
        elif line.startswith("}  // namespace") and spaces:
            spaces.pop()
        found = re.match(r"(?:class|struct|enum(?: class)?) (\w+)\b(?!::)[^;]*\{", line)
        if found and None not in spaces:
            yield number, "::".join([*spaces, found.group(1)])


def words(text, wanted):
    """(line, word) of every use of the keywords `wanted`."""
    code = stripped(text)
    for found in re.finditer(r"\b(?:" + "|".join(wanted) + r")\b", code):
        yield line_at(code, found.start()), found.group()


def functions(text):
    """(first line, last line) of every function body with its signature; lambdas count with the
    function that they stand in."""
    code = re.sub(r"(?m)^\s*#(?:[^\n]*\\\n)*[^\n]*", lambda m: "\n" * m.group().count("\n"),
                  stripped(text))
    open_blocks = []  # offset where a function begins, or None for another block
    begin = 0         # of the statement at hand
    for offset, char in enumerate(code):
        if char == ";" or char == "}":
            if char == "}" and open_blocks:
                start = open_blocks.pop()
                if start is not None:
                    yield line_at(code, start), line_at(code, offset)
            begin = offset + 1
        elif char == "{":
            head = code[begin:offset]
            inside = any(block is not None for block in open_blocks)
            open_blocks.append(None if inside or not _is_function(head)
                               else begin + len(head) - len(head.lstrip()))
            begin = offset + 1


def _is_function(head):
    if "(" not in head or _CONTROL.match(head):
        return False
    before = head[:head.index("(")]
    return not _TYPE.search(before) and "=" not in before.replace("operator=", "")


_BEFORE_AWAIT = re.compile(
    r"\s*(?:(?:else|do)\b|(?:if|while|for)\s*\(.*\)(?=\s*$))?"
    r"\s*(?:(?:const\s+)?[\w:<>,\s&*]*?\[?[\w.,\s>-]+\]?\s*=(?!=))?\s*", re.DOTALL)


def mixed_awaits(text):
    """(line, reason) of every co_await that is not a statement of its own, or shares it with a
    lambda: g++ 12 destroys temporaries of such statements twice, or never."""
    code = stripped(text)
    for found in re.finditer(r"\bco_await\b", code):
        begin = max(code.rfind(mark, 0, found.start()) for mark in ";{}") + 1
        before = code[begin:found.start()]
        after = code[found.end():]
        after = after[:after.find(";")]
        line = line_at(code, found.start())
        if not _BEFORE_AWAIT.fullmatch(before) or "co_return" in before:
            yield line, "is a statement of its own: auto x = co_await y;"
        elif re.search(r"\[[^\]]*\]\s*(?:\(|\{)", after):
            yield line, "stands beside a lambda; name the lambda first"
        elif re.search(r"[(,]\s*\w*\s*\{", after):
            yield line, "hands over a braced temporary, which g++ 12 copies bit by bit; name it"
        elif "co_await" in after:
            yield line, "stands beside another co_await; give each its own statement"
