"""Coming in: tries, second factors, codes, sessions, passwords."""
