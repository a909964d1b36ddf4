"""For developers: the text on standard output."""

import sys

from unionhall.kernel.identifiers import mask_mobile


class Console:
    """Prints, with the destination masked. What it prints holds codes: never where others read the output."""

    def __init__(self, channel: str) -> None:
        self.channel = channel

    def send(self, destination: str, text: str, *, key: str) -> None:
        """See `Adapter.send`."""
        sys.stdout.write(f"{self.channel.upper()} {mask_mobile(destination)} {text}\n")
        sys.stdout.flush()
