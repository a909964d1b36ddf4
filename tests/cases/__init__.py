"""Matters: their clocks, who handles them, what is decided about their handling."""
