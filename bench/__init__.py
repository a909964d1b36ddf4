"""Measurements, each against its floor or a peer in the same run; only their ratios mean anything."""
