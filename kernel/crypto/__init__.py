"""How personal data are sealed, found again and renamed, with the commercial ciphers that GB/T 39786 asks for."""
