"""How rows are kept, whatever they mean: sealed columns, dated rows, blocks of ids, rows in bulk, two databases.

The one floor between the kernel (no database) and the concepts. It knows tables, never the union: a rule of the union
does not belong here.
"""
