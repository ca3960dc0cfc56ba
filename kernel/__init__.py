"""What every part of the platform must decide alike stands here once: pure rules, without a broker or a database."""
