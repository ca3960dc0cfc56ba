"""Numbers that name people, organisations and telephones: checked by their standards, never echoed in an error."""
