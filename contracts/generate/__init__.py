"""Writes the documents that others read from the declarations, so that neither can say something else."""
