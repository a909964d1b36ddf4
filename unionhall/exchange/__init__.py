"""Tables in and out: blank workbooks, imports with preview, row errors given back, whole batches withdrawn.

It reads what the union keeps and calls the same actions as the doors; it decides nothing of its own.
"""
