"""Short messages through a gateway."""

from unionhall.messages.adapters.posting import post_json


class Gateway:
    """A gateway that takes JSON {"to", "text", "key"} by POST over HTTPS; 2xx: taken; 4xx: never; else: try again.

    A provider with another form stands behind a few lines of one's own that speak this one. `key` is its idempotency key.
    """

    def __init__(self, address: str, token: str) -> None:
        self.address = address
        self.token = token

    def send(self, destination: str, text: str, *, key: str) -> None:
        """See `Adapter.send`."""
        headers = {"Idempotency-Key": key}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        post_json(self.address, {"to": destination, "text": text, "key": key}, headers)
