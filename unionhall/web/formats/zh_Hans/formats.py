"""Numbers are grouped by thousands, as in the union's own reports; only where a template asks for it."""

THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
