"""Tell whether the conditions out of a gateway leave nothing over, so that no default is needed."""

import ast
from collections.abc import Iterable
from itertools import combinations

from forms.expressions import ExpressionError, compile_expression

_OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}


def leave_nothing(conditions: Iterable[str]) -> bool:
    """Tell whether one of the conditions holds always, or two are each other's opposite."""
    trees = []
    for text in conditions:
        try:
            trees.append(compile_expression(text).tree)
        except ExpressionError:
            return False
    always = any(isinstance(tree, ast.Constant) and tree.value is True for tree in trees)
    return always or any(_same(_not(one), other) for one, other in combinations(trees, 2))


def _same(left: ast.expr, right: ast.expr) -> bool:
    return ast.dump(left) in {ast.dump(right), ast.dump(_not(_not(right)))}


def _not(tree: ast.expr) -> ast.expr:
    """Return the opposite of a condition."""
    match tree:
        case ast.UnaryOp(op=ast.Not()):
            return tree.operand
        case ast.Compare(ops=[op]):
            return ast.Compare(tree.left, [_OPPOSITE[type(op)]()], tree.comparators)
        case ast.Constant(value=bool()):
            return ast.Constant(value=not tree.value)
    return ast.UnaryOp(ast.Not(), tree)
