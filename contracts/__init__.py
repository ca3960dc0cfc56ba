"""The published language: what each service may be asked, what it says happened, and who may ask."""
