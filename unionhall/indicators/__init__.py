"""Figures: counted over one queryset that answers both the number and the list of its records.

Flow (journal lines in a period), Stock (dated rows valid on a day), Ratio (two of these). What was published is kept
as facts with revisions.
"""
