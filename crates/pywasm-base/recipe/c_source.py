"""C source text, read as far as finding imports needs it.

In: a C file and what the build defines. Out: its text without comments and without the branches that the preprocessor would
drop, its macros, its functions, and the calls in a piece of text. This is no C parser: it knows CPython's layout (a function's
name starts a line, its body ends with a brace at a line's start).
"""

import itertools
import re
import warnings

# `#if 0 (x)` is nothing that Python would like; the answer is then "cannot be told".
warnings.filterwarnings("ignore", category=SyntaxWarning)


def without_comments(text):
    """Replaces comments by a blank; strings and character constants stay. Continued lines become one."""
    pattern = re.compile(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|/\*.*?\*/|//[^\n]*', re.DOTALL)
    text = pattern.sub(lambda match: match[0] if match[0][0] in "\"'" else " ", text)
    return text.replace("\\\n", " ")


class Conditions:
    """Decides `#if` lines from the build's defines. A macro that the build does not speak of leaves both branches in."""

    PLATFORM = re.compile(r"__|_WIN|_MSC|MS_|TARGET_OS|ANDROID")

    def __init__(self, defines, undefined):
        self.defines, self.undefined = defines, undefined

    def known(self, name):
        return name in self.defines or name in self.undefined or self.PLATFORM.match(name) is not None

    def holds(self, expression):
        """True, False, or None where it cannot be told."""
        unknown = set()

        def mark(name):
            if not self.known(name):
                unknown.add(name)
            return name

        def defined(match):
            name = mark(match[1])
            return f" {{{name}}} " if name in unknown else " 1 " if name in self.defines else " 0 "

        def value(match):
            name = match[0]
            if name in ("and", "or", "not"):
                return name
            if mark(name) in unknown:
                return f"{{{name}}}"
            number = re.fullmatch(r"(0[xX][0-9a-fA-F]+|\d+)[uUlL]*", self.defines.get(name, "0").strip("() "))
            return str(int(number[1], 0)) if number else ("1" if name in self.defines else "0")

        text = re.sub(r"\bdefined\s*\(?\s*(\w+)\s*\)?", defined, expression)
        text = text.replace("&&", " and ").replace("||", " or ")
        text = re.sub(r"!(?!=)", " not ", text)
        text = re.sub(r"(?<!\{)\b[A-Za-z_]\w*\b(?!\})", value, text)
        text = re.sub(r"\b(\d+|0x[0-9a-fA-F]+)[uUlL]+\b", r"\1", text)
        # A function-like macro cannot be told, nor can a long list of unknown names.
        if re.search(r"[\w}]\s*\(", text.replace("and", "&").replace("or", "|").replace("not", "~")) or len(unknown) > 6:
            return None
        answers = set()
        for choice in itertools.product("01", repeat=len(unknown)):
            case = text.format_map(dict(zip(sorted(unknown), choice)))
            if not re.fullmatch(r"[\w\s()<>=!+\-*/%&|]*", case):
                return None
            try:
                answers.add(bool(eval(case, {"__builtins__": {}})))
            except (SyntaxError, TypeError, NameError, ZeroDivisionError):
                return None
        return answers.pop() if len(answers) == 1 else None

    def select(self, text):
        """The lines of the branches that the build takes."""
        kept, stack = [], []  # one entry for each open #if: [this branch is in, a branch was surely taken]
        for line in text.split("\n"):
            directive = re.match(r"\s*#\s*(if|ifdef|ifndef|elif|else|endif)\b(.*)", line)
            if directive is None:
                if all(branch for branch, _ in stack):
                    kept.append(line)
                continue
            word, rest = directive.groups()
            if word in ("ifdef", "ifndef"):
                name = rest.split()[0]
                rest = f"defined({name})" if word == "ifdef" else f"!defined({name})"
            if word.startswith("if"):
                holds = self.holds(rest)
                stack.append([holds is not False, holds is True])
            elif word == "elif" and stack:
                holds = False if stack[-1][1] else self.holds(rest)
                stack[-1] = [holds is not False, stack[-1][1] or holds is True]
            elif word == "else" and stack:
                stack[-1] = [not stack[-1][1], True]
            elif word == "endif" and stack:
                stack.pop()
        return "\n".join(kept)


def macros(text):
    """(name, parameters or None, body) of each #define."""
    for match in re.finditer(r"^[ \t]*#[ \t]*define[ \t]+(\w+)(\([^)\n]*\))?[ \t]*(.*)$", text, re.MULTILINE):
        parameters = match[2] and [part.strip() for part in match[2][1:-1].split(",")]
        yield match[1], parameters, match[3].strip()


def functions(text):
    """(name, parameter names, body) of each function definition."""
    pattern = re.compile(r"^(?:[A-Za-z_][\w \t*]*?[ \t*])?(\w+)\(([^;{}]*?)\)\s*\{(.*?)^\}", re.MULTILINE | re.DOTALL)
    for match in pattern.finditer(text):
        names = [re.sub(r"[\[\]]", "", part).split() for part in match[2].split(",")]
        yield match[1], [re.sub(r"\W", "", name[-1]) if name else "" for name in names], match[3]


def calls(text, names):
    """(name, arguments) of each call of one of the names."""
    if not names:
        return
    pattern = re.compile(r"\b(" + "|".join(map(re.escape, sorted(names))) + r")\b[ \t\n]*(\()?")
    for match in pattern.finditer(text):
        if match[2] is None:
            yield match[1], []
            continue
        depth, at, start, arguments, quoted = 1, match.end(), match.end(), [], False
        while at < len(text) and depth:
            character = text[at]
            if quoted:
                at += character == "\\"
                quoted = character != '"'
            elif character == '"':
                quoted = True
            elif character == "(":
                depth += 1
            elif character == ")":
                depth -= 1
            elif character == "," and depth == 1:
                arguments.append(text[start:at].strip())
                start = at + 1
            at += 1
        yield match[1], [*arguments, text[start : at - 1].strip()]
