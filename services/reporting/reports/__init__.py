"""Reports: chapters of sentences that the figures of one moment make true, kept as they were."""
