"""What welfare may be asked and what it tells: the benefits that members get, and what each cost."""
