"""How passwords are hashed."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """argon2id, t=2, m=19 MiB, p=1 (the OWASP figure): 21 ms here, where Django's 100 MiB would let sign-ins exhaust a small machine."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
