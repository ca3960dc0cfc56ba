"""What events may be asked and what it tells: the activities that people attend."""
