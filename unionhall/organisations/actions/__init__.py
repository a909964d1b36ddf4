"""The only code that writes the standing order. Lists in, rows in bulk: one record is a list of one.

`by` is the actor, who must hold one of the named posts at or above the place; `batch` and `digest` are set by an import.
"""

from unionhall.organisations.actions.employers import (
    EmployerRow,
    EntryRow,
    change_employers,
    change_entries,
    open_register,
    record_employers,
    record_entries,
)
from unionhall.organisations.actions.posts import (
    PostRow,
    end_post,
    give_post,
    give_posts,
    open_account,
    rename_account,
    set_password,
)
from unionhall.organisations.actions.social import (
    RoomRow,
    SocialRow,
    change_rooms,
    change_social,
    record_rooms,
    record_social,
)
from unionhall.organisations.actions.stations import (
    EstablishmentRow,
    StaffRow,
    StationRow,
    change_staff,
    change_stations,
    establish,
    record_staff,
    record_stations,
)
from unionhall.organisations.actions.tree import PlaceRow, change_places, merge_places, record_places, rename
from unionhall.organisations.actions.unions import (
    CoverRow,
    TagRow,
    UnionRow,
    change_cover,
    change_tags,
    change_unions,
    record_cover,
    record_unions,
    tag_unions,
)

__all__ = [
    "CoverRow", "EmployerRow", "EntryRow", "EstablishmentRow", "PlaceRow", "PostRow", "RoomRow", "SocialRow", "StaffRow", "StationRow", "TagRow",
    "UnionRow", "change_cover", "change_employers", "change_entries", "change_places", "change_rooms", "change_social", "change_staff", "change_stations",
    "change_tags", "change_unions", "end_post", "establish", "give_post", "give_posts", "merge_places", "open_account", "open_register",
    "record_cover", "record_employers", "record_entries", "record_places", "record_rooms", "record_social", "record_staff", "record_stations",
    "record_unions", "rename", "rename_account", "set_password", "tag_unions",
]  # fmt: skip
