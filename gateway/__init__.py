"""The only way in over HTTP: it knows who asks, checks what is asked, and passes it on; it holds no business data."""
