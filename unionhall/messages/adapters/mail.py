"""E-mail through a server that takes SMTP."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import unquote, urlsplit

from unionhall.messages.adapters.posting import TIMEOUT
from unionhall.messages.adapters.undelivered import Undelivered

SUBJECT = "工会通知 · A notice from your union"


class Mail:
    """`smtps://user:password@host:465` speaks TLS from the start, `smtp://…:587` asks for it; a server on this machine may
    go without. The Message-ID is made of the key: a mailbox that gets the same message twice can tell.
    """

    def __init__(self, address: str, sender: str) -> None:
        parts = urlsplit(address)
        self.secure = parts.scheme == "smtps"
        self.host = parts.hostname or "localhost"
        self.port = parts.port or (465 if self.secure else 587)
        self.user, self.password = unquote(parts.username or ""), unquote(parts.password or "")
        self.sender = sender

    def send(self, destination: str, text: str, *, key: str) -> None:
        """See `Adapter.send`."""
        letter = EmailMessage()
        letter["Subject"], letter["From"], letter["To"] = SUBJECT, self.sender, destination
        letter["Date"] = formatdate(localtime=True)
        letter["Message-ID"] = f"<{key.replace(':', '.')}@{self.sender.rpartition('@')[2].rstrip('>')}>"
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(text + "\n")
        try:
            with self._connected() as server:
                server.send_message(letter)
        except smtplib.SMTPRecipientsRefused as refused:
            code = max((code for code, _why in refused.recipients.values()), default=550)
            raise Undelivered(f"smtp {code}", again=code < 500) from None
        except smtplib.SMTPResponseException as error:
            raise Undelivered(
                f"smtp {error.smtp_code}", again=error.smtp_code < 500 or error.smtp_code == 535
            ) from None
        except (OSError, smtplib.SMTPException):
            raise Undelivered("unreachable", again=True) from None

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.secure:
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
            if self.host not in ("localhost", "127.0.0.1"):
                server.starttls(context=context)
        if self.user:
            server.login(self.user, self.password)
        return server
