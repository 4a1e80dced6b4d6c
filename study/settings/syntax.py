"""The meaning of a source as one digest: its syntax without docstrings, comments, formatting and the words of messages.

Imports nothing but the standard library, and every version of Python gives the same digest: syntax trees that are
printed, and the tokens of f-strings, differ between versions.
"""

import ast
import hashlib
import json

# Fields that say nothing, or that only some versions have: what a name is used for, and the `u` before a string.
SILENT = frozenset({"ctx", "kind", "type_comment", "type_ignores"})


class _Words(ast.NodeTransformer):
    """Takes out of a syntax tree what changes no result: bare strings (docstrings among them) and messages."""

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        if _is_text(node.value):
            return None
        if isinstance(node.value, ast.Call) and _prints_text(node.value):
            # What is called to fill a message is run, and may do more than to give a word.
            called: list[ast.expr] = [
                one for argument in node.value.args for one in ast.walk(argument) if isinstance(one, ast.Call)
            ]
            return ast.Expr(ast.List(called)) if called else None
        return self.generic_visit(node)

    def visit_Pass(self, node: ast.Pass) -> None:
        return None

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        node.msg = None
        return self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        for child in ast.walk(node):
            if isinstance(child, ast.Call):
                child.args = [one for one in child.args if not _is_text(one)]
        return self.generic_visit(node)


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _prints_text(call: ast.Call) -> bool:
    """Whether this prints a message; a value that is printed alone may be read by another process."""
    return isinstance(call.func, ast.Name) and call.func.id == "print" and any(_is_text(one) for one in call.args)


def without_words(source: str) -> ast.Module:
    """The syntax tree of a source without docstrings and messages. Raises SyntaxError."""
    tree: ast.Module = _Words().visit(ast.parse(source))
    return tree


def plain(node: object) -> object:
    """A syntax tree as lists and texts in ASCII that every version of Python writes alike.

    Empty and missing fields are left out, as are those that some versions lack; the pieces of an f-string are joined.
    """
    if isinstance(node, ast.JoinedStr):
        pieces: list[object] = []
        for value in node.values:
            text = value.value if isinstance(value, ast.Constant) else None
            if not isinstance(text, str):
                pieces.append(plain(value))
            elif pieces and isinstance(pieces[-1], str):
                pieces[-1] += text
            elif text:
                pieces.append(text)
        return ["f-string", *pieces]
    if isinstance(node, ast.Constant):
        return [type(node.value).__name__, ascii(node.value)]
    if isinstance(node, ast.AST):
        fields = [(name, plain(value)) for name, value in sorted(ast.iter_fields(node)) if name not in SILENT]
        return [type(node).__name__, *([name, value] for name, value in fields if value not in (None, []))]
    if isinstance(node, list):
        return [plain(one) for one in node]
    return node if node is None or isinstance(node, (str, int)) else ascii(node)


def digest(value: object) -> str:
    """SHA-256 of a value that is fit for JSON."""
    return hashlib.sha256(json.dumps(value, ensure_ascii=True).encode()).hexdigest()


def digest_of_source(source: str) -> str:
    """The digest of one module's source. Raises SyntaxError."""
    return digest(plain(without_words(source)))
