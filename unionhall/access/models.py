"""Tables of access, by what they are about."""
