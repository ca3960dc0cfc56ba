"""Union organisations: founding, approval and the tree that every scope question is answered from."""
