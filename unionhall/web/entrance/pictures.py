"""What a device is set up with: a QR code for its camera, and the same to be typed."""

from urllib.parse import quote, urlencode

import segno
from django.utils.translation import gettext as _

from unionhall.organisations.models import Account
from unionhall.web.frame import district


def enrolment(account: Account, seed: str) -> dict[str, str]:
    """`qr`: an image as a data: address; `typed`: the seed in groups of four; `link`: for a device that is this telephone."""
    issuer = _("%(district)s工会") % {"district": district()}
    label = quote(f"{issuer}:{account.username}", safe=":")
    asked = urlencode(
        {"secret": seed, "issuer": issuer, "algorithm": "SHA1", "digits": 6, "period": 30}, quote_via=quote
    )
    link = f"otpauth://totp/{label}?{asked}"
    # make_qr: plain make may give a Micro QR, which telephones do not read. Black on white in the dark, too.
    qr = segno.make_qr(link, error="m").svg_data_uri(scale=4, border=4, light="#ffffff", omitsize=True)
    return {
        "qr": qr,
        "typed": " ".join(seed[at : at + 4] for at in range(0, len(seed), 4)),
        "link": link,
        "name": account.username,
    }
