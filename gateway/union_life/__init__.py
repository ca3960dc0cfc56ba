"""The posts that persons hold, and the roles that follow from them and from membership."""
