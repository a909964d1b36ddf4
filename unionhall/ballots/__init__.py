"""A question put to a roll of people, answered once each, tallied by a rule. Empty until a later part opens it."""
