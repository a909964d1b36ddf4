"""Outbox: what is sent to people's telephones, with the text and the number sealed, each once. The inbox comes with part 3."""
