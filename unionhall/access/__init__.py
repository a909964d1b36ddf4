"""Who comes in, and who looked: second factors, one-time codes, tries, sessions; readings of sealed values; second persons' yes.

What a post may do is not decided here (organisations/roles.py); nor are rules of the union.
"""
