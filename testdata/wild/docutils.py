"""Renders reStructuredText with directives, roles, tables and code as HTML, LaTeX and XML."""

from docutils.core import publish_doctree, publish_parts, publish_string

TEXT = """
Title
=====

Some *emphasis*, ``code``, a link_ and :math:`x^2`. [1]_

.. _link: http://example.org/
.. [1] A footnote.

.. note:: Be careful.

.. list-table::
   :header-rows: 1

   * - a
     - b
   * - 1
     - 2

.. code-block:: python

   def f(x):
       return x

====  ====
c     d
====  ====
3     4
====  ====

.. unknown:: directive
"""
settings = {"report_level": 5, "syntax_highlight": "short", "datestamp": None}
parts = publish_parts(TEXT, writer="html5", settings_overrides=settings)
print(parts["title"], parts["html_body"])
print(publish_string(TEXT, writer="pseudoxml", settings_overrides=settings).decode()[:600])
latex = publish_string(TEXT, writer="latex", settings_overrides=settings).decode()
print(latex[latex.index("\\begin{document}") :][:700])
tree = publish_doctree(TEXT, settings_overrides=settings)
print([node.tagname for node in tree.children], tree.findall().__class__.__name__)
print(publish_string("- a\n- b\n", writer="manpage", settings_overrides=settings).decode().splitlines()[-3:])
