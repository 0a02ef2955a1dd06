"""What a notebook shows of a diagnosis: the verdict, the matrix, the first conflicts."""

from __future__ import annotations

from ..model.policies import Policy
from ..model.results import Results
from ..texts import current_language
from .answers import whole_values
from .html import environment
from .matrix_view import matrix_rows
from .verdict import verdict
from .words import words

__all__ = ["diagnosis_html"]

_SHOWN = 5


def diagnosis_html(results: Results) -> str:
    """Return a short HTML summary of `results`, in the current language, whose style touches nothing around it."""
    crossed = {*results.matrix["politique_a"], *results.matrix["politique_b"]}
    policies = tuple(policy for policy in Policy if policy.value in crossed)
    template = environment().get_template("resume.html.j2")
    return template.render(
        w=words(),
        lang=current_language(),
        territory=results.territory,
        verdict=verdict(results),
        policies=policies,
        matrix=matrix_rows(results.matrix, policies),
        conflicts=list(results.register.head(_SHOWN).itertuples()),
        whole=whole_values(results),
    )
