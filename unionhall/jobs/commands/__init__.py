"""One module per command; each holds `command`. No rule of the union lives here."""
