"""The register of members: persons under seal, their work, their memberships and every change of these."""
