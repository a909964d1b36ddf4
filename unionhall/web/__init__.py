"""A door: pages. public (everyone) and board (officers) today; desk, portal and shop come with later parts."""
