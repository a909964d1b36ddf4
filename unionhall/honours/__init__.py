"""A title given to a person, team or unit. Today a plain register; nomination, review and notice come with a later part."""
