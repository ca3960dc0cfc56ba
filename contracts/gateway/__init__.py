"""What the gateway itself may be asked: accounts, sessions, grants and the business clock."""
