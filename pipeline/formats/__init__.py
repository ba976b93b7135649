"""What a policy is collected as -> plain text: one module a format, each with `plain_text`.

All give the same kind of text: a blank line around headings and paragraphs, list items as lines with `- ` or their
number, table rows as lines with ` | ` between the cells.
"""
