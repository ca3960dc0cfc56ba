"""Tables that the kernel's modules read; a wrong or missing row is mended here, not in code."""
