"""The desk: where the union's own people work. Its frame, lists, details and forms, and the pages of each register.

A list is declared (`register.Register`), a detail is handed its facts and steps (`detail.render_detail`), a form names the
action it calls (`forms.answer`). Rows are read through a concept's `visible_to` and written by its actions only.
"""
